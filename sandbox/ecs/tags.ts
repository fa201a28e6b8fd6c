import { listOf, members, text } from '../aws/input.ts';
import type { Operation } from '../aws/protocol.ts';
import { invalidParameter } from './errors.ts';
import { parse, tags } from './input.ts';
import type { Plane } from './plane.ts';
import type { Tag } from './records.ts';

const MOST_TAGS = 50;

const tagInput = members({ resourceArn: text, tags });
const untagInput = members({ resourceArn: text, tagKeys: listOf(text, MOST_TAGS) });
const listInput = members({ resourceArn: text });

/** For clusters, services and task definitions. */
export function tagOperations(plane: Plane): Record<string, Operation> {
  const { state } = plane;
  const tagsOf = (resourceArn: string): readonly Tag[] => {
    const found = state.tags[resourceArn];
    if (!found) throw invalidParameter(`The specified resource ${resourceArn} was not found.`);
    return found;
  };
  return {
    TagResource(input) {
      const { resourceArn, tags: added } = parse(tagInput, input);
      const kept = tagsOf(resourceArn).filter(({ key }) => !added.some((tag) => tag.key === key));
      if (kept.length + added.length > MOST_TAGS)
        throw invalidParameter(`A resource has at most ${MOST_TAGS} tags.`);
      state.tags[resourceArn] = [...kept, ...added];
      plane.changed();
      return {};
    },

    UntagResource(input) {
      const { resourceArn, tagKeys } = parse(untagInput, input);
      state.tags[resourceArn] = tagsOf(resourceArn).filter(({ key }) => !tagKeys.includes(key));
      plane.changed();
      return {};
    },

    ListTagsForResource: (input) => ({ tags: tagsOf(parse(listInput, input).resourceArn) }),
  };
}
