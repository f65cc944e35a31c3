import { describe, expect, it } from 'vitest';
import { reachedBy, writtenBy } from '../../harness/recorder.ts';

const connect = (address: string, result = '0') => `connect(9<socket:[1]>, {${address}}, 28) = ${result}`;

describe('a recorded system call', () => {
  it.each([
    [
      'an address',
      connect(
        'sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")',
        '-1 ENETUNREACH (Network is unreachable)',
      ),
      ['192.0.2.1 port 443'],
    ],
    [
      'an address of version 6',
      connect(
        'sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0',
      ),
      ['2001:db8::1 port 443'],
    ],
    [
      'a server of names on this computer',
      connect('sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")'),
      ['127.0.0.53 port 53'],
    ],
    [
      'a datagram',
      'sendto(9<socket:[1]>, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("192.0.2.1")}, 16) = 1',
      ['192.0.2.1 port 9'],
    ],
    [
      'a service that looks names up',
      connect('sa_family=AF_UNIX, sun_path="/run/systemd/resolve/io.systemd.Resolve"'),
      ['sun_path="/run/systemd/resolve/io.systemd.Resolve"'],
    ],
    ['what it does not know', connect('sa_family=AF_BLUETOOTH, x'), [connect('sa_family=AF_BLUETOOTH, x')]],
  ])('reaches %s', (_, line, expected) => expect(reachedBy(line)).toEqual(expected));

  it.each([
    ['this computer', connect('sa_family=AF_INET, sin_port=htons(3017), sin_addr=inet_addr("127.0.0.1")')],
    [
      'this computer by version 6',
      connect(
        'sa_family=AF_INET6, sin6_port=htons(3017), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0',
      ),
    ],
    ['another process', connect('sa_family=AF_UNIX, sun_path="/tmp/vscode-ipc.sock"')],
    [
      'a service that is not there',
      connect('sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"', '-1 ENOENT (No such file or directory)'),
    ],
  ])('reaches nobody at %s', (_, line) => expect(reachedBy(line)).toEqual([]));

  it.each([
    ['makes a file', 'openat(AT_FDCWD</study>, "a", O_WRONLY|O_CREAT, 0666) = 21</study/a>', ['/study/a']],
    [
      'makes a file in an open folder',
      'openat(25</home/.cache>, "id.tmp", O_WRONLY|O_CREAT|O_EXCL, 0600) = 26</home/.cache/id.tmp>',
      ['/home/.cache/id.tmp'],
    ],
    ['writes to one that is there', 'openat(AT_FDCWD</study>, "/study/a", O_RDWR) = 21</study/a>', ['/study/a']],
    ['makes a folder', 'mkdir("results", 0777) = 0', ['/study/results']],
    ['moves', 'renameat2(AT_FDCWD</study>, "a", AT_FDCWD</other>, "b", 0) = 0', ['/other/b']],
    ['links', 'symlink("/somewhere/else", "/study/link") = 0', ['/study/link']],
  ])('%s', (_, line, expected) => expect(writtenBy(line, '/study')).toEqual(expected));

  it.each([
    ['reads', 'openat(AT_FDCWD</study>, "a", O_RDONLY) = 21</study/a>'],
    ['fails', 'mkdir("results", 0777) = -1 EEXIST (File exists)'],
    ['writes to a device', 'openat(AT_FDCWD</study>, "/dev/null", O_RDWR) = 3</dev/null<char 1:3>>'],
  ])('makes nothing where it %s', (_, line) => expect(writtenBy(line, '/study')).toEqual([]));
});
