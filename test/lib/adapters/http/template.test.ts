import { describe, expect, it } from 'vitest';
import { filled } from '../../../../lib/adapters/http/template.ts';
import type { Step } from '../../../../lib/drill/plan/plan.ts';

function step(parts: Partial<Step>): Step {
  return {
    name: 'open',
    method: 'POST',
    url: 'https://shop.example/',
    headers: {},
    expect: { status: [200] },
    capture: {},
    ...parts,
  };
}

function urlOf(url: string, value: string): string | undefined {
  const filling = filled(step({ url }), new Map([['v', value]]));
  return filling.kind === 'request' ? filling.request.url : undefined;
}

function bodyOf(type: string | undefined, body: string, value: string): string | undefined {
  const headers = type === undefined ? {} : { 'content-type': type };
  const filling = filled(step({ headers, body }), new Map([['v', value]]));
  return filling.kind === 'request' ? filling.request.body : undefined;
}

describe('a captured value in the URL', () => {
  it.each([
    ['a URL of another origin', 'https://shop.example{{v}}', 'https://evil.example/'],
    ['another host in the form of a path', 'https://shop.example{{v}}', '//evil.example/'],
    ['another scheme', 'https://shop.example{{v}}', 'http://shop.example/'],
    ['the rest of a host name', 'https://shop.example{{v}}', '.evil.example/'],
    ['user information', 'https://shop.example{{v}}', '@evil.example/'],
    ['a host', 'https://{{v}}/orders', 'evil.example'],
    ['a port', 'http://127.0.0.1:{{v}}/orders', '8080'],
  ])('cannot be %s', (_, url, value) => {
    expect(urlOf(url, value)).toBeUndefined();
  });

  it('is one piece of a path or query, whatever is in it', () => {
    expect(urlOf('https://shop.example/items/{{v}}?q={{v}}', 'a/b&c=1 ü#')).toBe(
      'https://shop.example/items/a%2Fb%26c%3D1%20%C3%BC%23?q=a%2Fb%26c%3D1%20%C3%BC%23',
    );
  });

  it('is a path of its own, or a URL of the same origin, right after the host', () => {
    expect(urlOf('https://shop.example{{v}}/lines', '/orders/5')).toBe('https://shop.example/orders/5/lines');
    expect(urlOf('https://shop.example{{v}}', 'https://shop.example/orders/5?a=1#top')).toBe(
      'https://shop.example/orders/5?a=1',
    );
  });
});

describe('a captured value in the body', () => {
  it('is escaped in JSON', () => {
    const body = bodyOf('application/json', '{"sku":"{{v}}"}', 'a"b\\c\n');
    expect(JSON.parse(body ?? '')).toEqual({ sku: 'a"b\\c\n' });
  });

  it('is percent-encoded in a form', () => {
    expect(bodyOf('application/x-www-form-urlencoded; charset=utf-8', 'csrf={{v}}&a=1', 'x+/=&')).toBe(
      'csrf=x%2B%2F%3D%26&a=1',
    );
  });

  it('stands as it is in other texts, and is not read again', () => {
    expect(bodyOf(undefined, '{{v}} {{v}}', '{{v}} $& $1')).toBe('{{v}} $& $1 {{v}} $& $1');
  });
});

it('puts captured values into headers', () => {
  const filling = filled(step({ headers: { authorization: 'Bearer {{v}}' } }), new Map([['v', 't0k3n']]));
  expect(filling).toMatchObject({ request: { headers: { authorization: 'Bearer t0k3n' } } });
});

it('throws when no earlier step captured the value', () => {
  expect(() => filled(step({ body: '{{token}}' }), new Map())).toThrow('no earlier step captured {{token}}');
});
