import type { XmlObject } from '../aws/protocol.ts';
import { cloudFrontError } from './wire.ts';

interface Listed {
  readonly id: string;
  readonly xml: XmlObject;
}

const MOST_ITEMS = 100;

/** A part of a list: what comes after `Marker`, at most `MaxItems`, each as an element of this name. */
export function pageOf(element: string, all: readonly Listed[], query: URLSearchParams): XmlObject {
  const marker = query.get('Marker') ?? '';
  const most = Number(query.get('MaxItems') ?? MOST_ITEMS);
  if (!Number.isInteger(most) || most < 1 || most > MOST_ITEMS)
    throw cloudFrontError('InvalidArgument', `MaxItems is a whole number from 1 to ${MOST_ITEMS}.`);
  const rest = all.slice(startAfter(marker, all));
  const page = rest.slice(0, most);
  const isTruncated = page.length < rest.length;
  return {
    Marker: marker,
    ...(isTruncated && { NextMarker: page.at(-1)?.id }),
    MaxItems: most,
    IsTruncated: isTruncated,
    Quantity: page.length,
    ...(page.length > 0 && { Items: { [element]: page.map(({ xml }) => xml) } }),
  };
}

function startAfter(marker: string, all: readonly Listed[]): number {
  if (marker === '') return 0;
  const found = all.findIndex(({ id }) => id === marker);
  if (found < 0) throw cloudFrontError('InvalidArgument', `The marker '${marker}' is unknown.`);
  return found + 1;
}
