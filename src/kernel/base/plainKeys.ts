/**
 * Names that users give (columns, parameters, patients, readers) are keys of objects, in our packages too. Of all names
 * only `__proto__` is none there: setting it exchanges the object's prototype. That old accessor is taken away in the
 * kernel's processes, as Node's `--disable-proto=delete` does, so that the name is a key like any other.
 */
Reflect.deleteProperty(Object.prototype, '__proto__');

/** The value under a name from outside; undefined where the record has none of its own, as for `constructor`. */
export function ownValue<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}
