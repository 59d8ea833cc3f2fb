import { ExitCode, ProtocolError, type SumHead } from '@deltawire/protocol';
import type { BlockLayout, ReadAt } from '@deltawire/signature';
import { OpenBasis } from '../pipeline/open-basis.ts';
import type { Session } from '../session.ts';
import type { Request } from './state.ts';

/**
 * What a file in a batch is built on. The batch has been made of blocks of its own, whose layout only its sum
 * head tells: they are looked up in what is there now. Throws ProtocolError when nothing is there.
 */
export function recordedBasis(session: Session, asked: Request, head: SumHead): Request {
  const layout = layoutOf(head);
  if (layout.blockCount === 0) return { ...asked, layout };
  const { openNoatime, append } = session.options;
  try {
    const basis = OpenBasis.open(asked.basisPath, openNoatime);
    if (basis !== undefined) return { ...asked, layout, basis, append: append > 0 };
  } catch {
    // It is not there: told below.
  }
  const shown = session.showPath(asked.basisPath);
  throw new ProtocolError(`got a block match with no basis file for ${shown} [receiver]`, {
    code: 'BATCH_MISMATCH',
    exitCode: ExitCode.PROTOCOL,
  });
}

/** The blocks that a sum head speaks of. */
export function layoutOf(head: SumHead): BlockLayout {
  const { blockCount, blockLength, remainderLength, strongLength } = head;
  const whole = remainderLength === 0 ? blockCount : blockCount - 1;
  const fileLength = whole * blockLength + remainderLength;
  return { fileLength, blockLength, blockCount, remainderLength, strongLength };
}

/** A basis that is shorter than the recorded one reads as zeros behind its end: the file's sum will tell. */
export const zerosBehind =
  (read: ReadAt): ReadAt =>
  (target, position) => {
    const count = read(target, position);
    return count > 0 ? count : target.fill(0).length;
  };
