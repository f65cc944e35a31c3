/** Whether an address carries a login: a user, a password, a token, a key or a signature, anywhere in it. */

/** Names of terms without `-`, `_` and `.`: signed addresses of Amazon, Google, Azure, Alibaba and CloudFront, and what services call their keys. */
const SECRET_TERM = new RegExp(
  [
    '^(xamz|xgoog|xoss|xms|xcos|xobs)\\w*$',
    '^(key|pwd|pass|passwd|jwt|sas|sid|ticket|hmac|bearer|code|auth\\w*|sig\\w*|session\\w*|jsessionid|phpsessid)$',
    '(token|password|passphrase|secret|signature|apikey|accesskey|accesskeyid|accessid|credentials?|subscriptionkey|keypairid|clientkey)$',
  ].join('|'),
  'i',
);

/** A JSON Web Token (RFC 7519), a key id of Amazon, an HTTP login. */
const SECRET_VALUE =
  /\beyJ[\w-]{6,}\.[\w-]{6,}|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|^\s*(?:bearer|basic)[\s+:]|\bAIza[\w-]{35}\b/i;

export function holdsLogin(url: URL): boolean {
  if (url.username || url.password) return true;
  const segments = url.pathname.split('/').map(decoded);
  return (
    [url.searchParams, new URLSearchParams(url.hash.replace(/^#[/?!]*/, ''))].some(hasSecret) ||
    segments.some(
      // Terms of a path's part stand behind semicolons (RFC 3986 section 3.3), or in place of the part.
      (segment) => SECRET_VALUE.test(segment) || hasSecret(new URLSearchParams(segment.replaceAll(';', '&'))),
    ) ||
    SECRET_VALUE.test(decoded(url.hash.slice(1)))
  );
}

function hasSecret(terms: URLSearchParams): boolean {
  return [...terms].some(
    ([name, value]) => (value !== '' && SECRET_TERM.test(name.replace(/[-_.]/g, ''))) || SECRET_VALUE.test(value),
  );
}

/** What is written wrongly stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
