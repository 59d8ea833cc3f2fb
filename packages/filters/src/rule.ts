/** What a per-directory merge file contains (`docs/spec/data.md` §12.1). */
export interface MergeFileStyle {
  /** Full rules, or bare patterns that are all includes or all excludes. */
  readonly content: 'rules' | 'include' | 'exclude';
  /** Rules are separated by any white space instead of line ends. */
  readonly wordSplit: boolean;
  /** The file's rules do not apply in subdirectories. */
  readonly noInherit: boolean;
}

/**
 * One filter rule as it was parsed. Immutable; patterns are byte strings.
 *
 * `include` and `exclude` match names; `merge` is a place-holder for the rules of per-directory
 * files called `pattern`; `clear` drops everything before it (only from the wire, where the list
 * it clears is not at hand). `.` merges and `!` never appear: parsing resolves them.
 */
export interface FilterRule {
  readonly action: 'include' | 'exclude' | 'merge' | 'clear';
  /** As written, but without the trailing slash of a directory-only pattern. */
  readonly pattern: string;
  readonly directoryOnly: boolean;
  /** `/`: matched against the absolute path instead of the path inside the transfer. */
  readonly absolute: boolean;
  /** `!`: applies to names that do not match. */
  readonly negated: boolean;
  /** `x`: about names of extended attributes, never about files. */
  readonly xattr: boolean;
  /** `s`, `r`: neither or both means both sides. */
  readonly sender: boolean;
  readonly receiver: boolean;
  /** `p`: ignored inside directories that are being deleted. */
  readonly perishable: boolean;
  /** `C`: CVS style. On an include or exclude, `expansion` holds the list it stands for. */
  readonly cvs: boolean;
  readonly expansion: readonly FilterRule[];
  /** Only on `merge` rules. */
  readonly merge: MergeFileStyle | undefined;
  /** Came from the `-C` option, which a sending server receives as an option itself. */
  readonly fromCvsOption: boolean;
}

/** Build a rule; what is not given is off. The property order is fixed, so rules share one shape. */
export function createRule(
  action: FilterRule['action'],
  pattern: string,
  o: Partial<Omit<FilterRule, 'action' | 'pattern'>> = {},
): FilterRule {
  return {
    action,
    pattern,
    directoryOnly: o.directoryOnly ?? false,
    absolute: o.absolute ?? false,
    negated: o.negated ?? false,
    xattr: o.xattr ?? false,
    sender: o.sender ?? false,
    receiver: o.receiver ?? false,
    perishable: o.perishable ?? false,
    cvs: o.cvs ?? false,
    expansion: o.expansion ?? [],
    merge: o.merge,
    fromCvsOption: o.fromCvsOption ?? false,
  };
}

/**
 * Which side a rule concerns (`docs/spec/data.md` §12.5). `--delete-excluded` makes a sender rule
 * of every unsided rule, except of per-directory files whose own rules can say their side.
 */
export function ruleSide(
  rule: FilterRule,
  deleteExcluded: boolean,
): 'sender' | 'receiver' | 'both' {
  if (rule.sender !== rule.receiver) return rule.sender ? 'sender' : 'receiver';
  if (!deleteExcluded || rule.sender) return 'both';
  return rule.merge?.content === 'rules' ? 'both' : 'sender';
}
