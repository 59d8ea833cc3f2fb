import type { Parameter } from '../../packages/daemon/src/parameters.ts';
import type { Block } from './markdown.ts';

/**
 * Say of the parameters that are refused that they are. Throws when a parameter has no entry on the
 * page, or an entry no parameter.
 */
export function fillInParameters(
  blocks: readonly Block[],
  parameters: readonly Parameter[],
): Block[] {
  const missing = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const filled = blocks.flatMap((block): Block[] => {
    if (block.kind !== 'heading' || block.level !== 4) return [block];
    const parameter = missing.get(block.text);
    if (!parameter) throw new Error(`docs/manual has an entry for no parameter: ${block.text}`);
    missing.delete(block.text);
    const heading = { ...block, text: `\`${block.text}\`` };
    if (parameter.honoured) return [heading];
    return [heading, { kind: 'paragraph', text: 'Refused by this version.' }];
  });
  const [name] = missing.keys();
  if (name !== undefined) throw new Error(`docs/manual/deltawire.conf.5.md lacks "#### ${name}"`);
  return filled;
}
