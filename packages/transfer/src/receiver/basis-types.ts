import { BasisType, ExitCode, type ItemHeader, ProtocolError } from '@deltawire/protocol';
import type { TransferOptions } from '../options.ts';

/**
 * A sender answers with the basis type it was asked with: one that this side cannot have asked for is
 * an error (docs/spec/session.md §9.4).
 */
export function checkBasisType({ basisType }: ItemHeader, options: TransferOptions): void {
  const { altDestDirs, fuzzy } = options;
  if (basisType >= BasisType.FILE && basisType < BasisType.FUZZY) return;
  if (basisType === BasisType.FUZZY && fuzzy > 0) return;
  const similar = basisType > BasisType.FUZZY;
  const index = similar ? basisType - BasisType.FUZZY - 1 : basisType;
  if (basisType !== BasisType.FUZZY && index < altDestDirs.length && (!similar || fuzzy > 0))
    return;
  throw new ProtocolError(`invalid basis_dir index: ${basisType}.`, {
    exitCode: ExitCode.PROTOCOL,
  });
}
