import { describe, expect, it } from 'vitest';
import { cookieJar, cookieNamed } from '../../../../lib/adapters/http/cookie-jar.ts';

const LOGIN = new URL('http://shop.example/account/login');
const at = (url: string): URL => new URL(url);

function jarAt(start = 0) {
  const time = { ms: start };
  return { time, jar: cookieJar({ now: () => time.ms }) };
}

describe('a cookie jar', () => {
  it.each([
    ['another host', 'sid=1', 'http://other.example/account/'],
    ['a host below the one that set it without a domain', 'sid=1', 'http://a.shop.example/account/'],
    ['a host that only ends alike', 'sid=1; Domain=shop.example', 'http://myshop.example/account/'],
    ['another folder', 'sid=1', 'http://shop.example/checkout'],
    ['a folder that only begins alike', 'sid=1; Path=/acc', 'http://shop.example/account'],
    ['plain http when it is secure', 'sid=1; Path=/; Secure', 'http://shop.example/'],
  ])('sends nothing to %s', (_, cookie, url) => {
    const { jar } = jarAt();
    jar.keep(LOGIN, [cookie]);
    expect(jar.headerFor(at(url))).toBeUndefined();
  });

  it.each([
    ['for a foreign domain', 'sid=1; Domain=bank.example'],
    ['for a whole top-level domain', 'sid=1; Domain=example'],
    ['without a name', '=1'],
    ['that are no pair', 'sid'],
    ['that are too long', `sid=${'x'.repeat(4096)}`],
    ['that are over already', 'sid=1; Max-Age=0'],
    ['of the past', 'sid=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
  ])('keeps no cookies %s', (_, cookie) => {
    const { jar } = jarAt();
    jar.keep(LOGIN, [cookie]);
    expect(jar.headerFor(LOGIN)).toBeUndefined();
  });

  it('sends a cookie back until its age is over, which goes before its date', () => {
    const { jar, time } = jarAt(1_000_000);
    jar.keep(LOGIN, ['sid=a=b; Path=/; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly']);
    expect(jar.headerFor(at('http://shop.example/'))).toBe('sid=a=b');
    time.ms += 10_000;
    expect(jar.headerFor(at('http://shop.example/'))).toBeUndefined();
  });

  it('replaces a cookie of the same name, domain and path, and lets a server take it away', () => {
    const { jar } = jarAt();
    jar.keep(LOGIN, ['sid=1', 'sid=2']);
    expect(jar.headerFor(LOGIN)).toBe('sid=2');
    jar.keep(LOGIN, ['sid=; Max-Age=-1']);
    expect(jar.headerFor(LOGIN)).toBeUndefined();
  });

  it('sends the cookies of longer paths first, over https the secure ones too', () => {
    const { jar } = jarAt();
    jar.keep(at('https://shop.example/a/b'), ['wide=1; Path=/', 'narrow=2', 'safe=3; Secure; Path=/']);
    expect(jar.headerFor(at('https://shop.example/a/c'))).toBe('narrow=2; wide=1; safe=3');
  });

  it('sends a cookie of a domain to the hosts below it', () => {
    const { jar } = jarAt();
    jar.keep(at('http://www.shop.example/'), ['sid=1; Domain=.Shop.example']);
    expect(jar.headerFor(at('http://pay.shop.example/'))).toBe('sid=1');
  });

  it('keeps at most 50 cookies, the newest', () => {
    const { jar } = jarAt();
    jar.keep(
      LOGIN,
      Array.from({ length: 60 }, (_, index) => `c${index}=1`),
    );
    const sent = jar.headerFor(LOGIN)?.split('; ') ?? [];
    expect([sent.length, sent[0], sent.at(-1)]).toEqual([50, 'c10=1', 'c59=1']);
  });
});

describe('cookieNamed', () => {
  it('finds nothing when the answer takes the cookie away', () => {
    expect(cookieNamed('sid', ['sid=1; Max-Age=0'], 0)).toBeUndefined();
    expect(cookieNamed('sid', ['other=1'], 0)).toBeUndefined();
  });

  it('finds the last value that the answer gives', () => {
    expect(cookieNamed('sid', ['sid=1', 'sid=2; Path=/'], 0)).toBe('2');
  });
});
