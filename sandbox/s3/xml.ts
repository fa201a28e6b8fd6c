import { toXml, type XmlObject } from '../aws/protocol.ts';
import { S3Error } from './errors.ts';

/** An element of a request body: its text, or its children by their order. Attributes and prefixes are ignored. */
export interface Element {
  readonly name: string;
  readonly text: string;
  readonly children: readonly Element[];
}

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

export function xmlDocument(root: string, value: XmlObject): string {
  return HEAD + toXml(root, value).replace(`<${root}>`, `<${root} xmlns="${NAMESPACE}">`);
}

/** Errors are the one document of S3 without a namespace. */
export function xmlError(value: XmlObject): string {
  return HEAD + toXml('Error', value);
}

/** Throws `MalformedXML` unless the body is one element with this name. */
export function parseXml(body: Buffer, root: string): Element {
  const top: OpenElement = { name: '', text: '', children: [] };
  const open = [top];
  for (const [, close, name, selfClosing, text] of tokens(body.toString())) {
    const current = open.at(-1)!;
    if (text !== undefined) current.text += unescaped(text);
    else if (close && current.name === name && open.length > 1) open.pop();
    else if (close || name === undefined) throw new S3Error('MalformedXML');
    else {
      const element = { name, text: '', children: [] };
      current.children.push(element);
      if (!selfClosing) open.push(element);
    }
  }
  const [element, ...others] = top.children;
  if (open.length > 1 || others.length > 0 || element?.name !== root) throw new S3Error('MalformedXML');
  return element;
}

export function child(element: Element, name: string): Element | undefined {
  return element.children.find((candidate) => candidate.name === name);
}

export function childText(element: Element, name: string): string | undefined {
  return child(element, name)?.text;
}

interface OpenElement {
  name: string;
  text: string;
  children: OpenElement[];
}

function tokens(xml: string) {
  const body = xml.replace(/<\?[\s\S]*?\?>|<!--[\s\S]*?-->/g, '');
  return body.matchAll(/<(\/)?(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*?)?(\/)?>|([^<]+)|</g);
}

function unescaped(text: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name) return named[name] ?? whole;
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    if (code > 0x10ffff) throw new S3Error('MalformedXML');
    return String.fromCodePoint(code);
  });
}
