import type { SendSigned } from '../../adapters/aws/signed-requests.ts';
import { safe } from '../../report/text.ts';

interface Asked {
  readonly api: URL;
  readonly send: SendSigned;
  /** Before every path of the API, where a browser reaches it. */
  readonly base: string;
}

interface Listed {
  readonly target: string;
  readonly drills: readonly {
    id: string;
    number: number | null;
    startedAt: string;
    outcome: string | null;
  }[];
}

const MOST_TARGETS = 50;
const MOST_DRILLS = 10;

/** What there is to look at: the targets and their newest drills, each with its links. */
export async function frontPage({ api, send, base }: Asked): Promise<string> {
  const list = async <Item>(path: string): Promise<readonly Item[]> => {
    const answer = await send({
      method: 'GET',
      url: new URL(path, api),
      headers: { accept: 'application/json' },
    });
    if (!answer.ok) throw new Error(`the API answered GET ${path} with ${answer.status}`);
    return ((await answer.json()) as { items: readonly Item[] }).items;
  };
  const targets = await list<{ target: string }>(`/targets?limit=${MOST_TARGETS}`);
  const listed = await Promise.all(
    targets.map(async ({ target }) => ({
      target,
      drills: await list<Listed['drills'][number]>(`${pathOf(target)}/drills?limit=${MOST_DRILLS}`),
    })),
  );
  return pageOf(base, listed);
}

function pageOf(base: string, listed: readonly Listed[]): string {
  const link = (path: string, text: string): string =>
    `<a href="${escaped(`${base}${path}`)}">${escaped(text)}</a>`;
  const sections = listed.map(
    ({ target, drills }) => `<h2>${escaped(target)}</h2>
<p>${link(`${pathOf(target)}/statistics`, 'statistics')} · ${link(`${pathOf(target)}/drills`, 'all drills')}</p>
<ul>${drills.map((drill) => `<li>${drillOn(link, drill)}</li>`).join('')}</ul>`,
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Rollback drills</title>
<style>body{font:16px/1.5 system-ui;margin:2rem auto;max-width:50rem;padding:0 1rem}</style>
<h1>Rollback drills</h1>
<p>${link('/readiness', 'readiness')} · ${link('/targets', 'targets')} · ${link('/openapi.json', 'the API')}</p>
${sections.join('\n') || '<p>No target was drilled yet.</p>'}
</html>
`;
}

type Link = (path: string, text: string) => string;

function drillOn(link: Link, { id, number, startedAt, outcome }: Listed['drills'][number]): string {
  const name = number === null ? 'without a number' : `#${String(number).padStart(3, '0')}`;
  const path = `/drills/${encodeURIComponent(id)}`;
  const where = outcome === null ? link(path, 'is under way') : link(`${path}/receipt`, outcome);
  return `${escaped(startedAt)} ${name}: ${where}`;
}

/** Names of targets have a slash, which is one in paths too. */
function pathOf(target: string): string {
  return `/targets/${target.split('/').map(encodeURIComponent).join('/')}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return safe(text, 500).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
