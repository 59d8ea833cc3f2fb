import { ACLS_CASES } from './cases/acls.ts';
import { ALTERNATES } from './cases/alternates.ts';
import { ATTRIBUTES } from './cases/attributes.ts';
import { CORNERS } from './cases/corners.ts';
import { DELETIONS } from './cases/delete.ts';
import { DESTINATIONS } from './cases/destination.ts';
import { FAKE_SUPER } from './cases/fake-super.ts';
import { FUZZY } from './cases/fuzzy.ts';
import { ICONV_CASES } from './cases/iconv.ts';
import { LINK_CASES } from './cases/links.ts';
import { OPERATOR_PATHS } from './cases/operator-paths.ts';
import { OUTPUT } from './cases/output.ts';
import { REPLACING } from './cases/replacing.ts';
import { SELECTION } from './cases/selection.ts';
import { SUPER_USER } from './cases/super-user.ts';
import { TROUBLE } from './cases/trouble.ts';
import { XATTRS_CASES } from './cases/xattrs.ts';
import type { DifferentialCase } from './harness.ts';

/** What is compared, by the name of its file. */
export const CASE_GROUPS: Readonly<Record<string, readonly DifferentialCase[]>> = {
  output: OUTPUT,
  attributes: ATTRIBUTES,
  links: LINK_CASES,
  'operator-paths': OPERATOR_PATHS,
  selection: SELECTION,
  delete: DELETIONS,
  destination: DESTINATIONS,
  replacing: REPLACING,
  alternates: ALTERNATES,
  fuzzy: FUZZY,
  trouble: TROUBLE,
  corners: CORNERS,
  xattrs: XATTRS_CASES,
  'fake-super': FAKE_SUPER,
  'super-user': SUPER_USER,
  acls: ACLS_CASES,
  iconv: ICONV_CASES,
};

/** Everything that is compared. */
export const CASES: readonly DifferentialCase[] = Object.values(CASE_GROUPS).flat();
