import { FilterError } from './filter-error.ts';
import { type FilterRule, ruleSide } from './rule.ts';

export interface WireRuleOptions {
  /** Negotiated protocol version. */
  readonly protocol: number;
  /** This side, the client, is the sender. */
  readonly amSender: boolean;
  readonly deleteExcluded: boolean;
  /** `-C` was given: a sending server then adds the CVS rules itself. */
  readonly cvsExclude: boolean;
}

/**
 * The texts that carry a client's rules to the server, without the rules that concern only the
 * client's own side (`docs/spec/session.md` §7.2 to 7.4).
 *
 * @throws FilterError (exit 2) when the peer is too old for a rule
 */
export function wireRules(rules: readonly FilterRule[], o: WireRuleOptions): string[] {
  const ownSide = o.amSender ? 'sender' : 'receiver';
  const texts: string[] = [];
  for (const rule of rules) {
    if (rule.fromCvsOption && o.cvsExclude && !o.amSender) continue;
    if (o.protocol < 29 && rule.receiver && o.deleteExcluded) throw tooModern();
    if (ruleSide(rule, o.deleteExcluded) === ownSide) continue;
    if (rule.cvs && rule.action !== 'merge' && (o.amSender || o.protocol < 29)) {
      // Only the client knows its own list; a sending server has one of its own.
      for (const one of rule.expansion) texts.push(formatExpanded(one, o));
    } else texts.push(formatRule(rule, o));
  }
  return texts;
}

/**
 * All rules but those of `-C` as texts that `--filter='merge FILE'` reads, or below protocol 29
 * `--exclude-from=FILE`.
 *
 * @throws FilterError (exit 2) when the protocol is too old for a rule
 */
export function ruleTexts(rules: readonly FilterRule[], protocol: number): string[] {
  const o = { protocol, amSender: false, deleteExcluded: false, cvsExclude: false };
  return rules
    .filter((rule) => !rule.fromCvsOption)
    .map((rule) => {
      const text = formatRule(rule, o);
      return /^[-+:!]/.test(text) ? text : `- ${text}`;
    });
}

/** Rules of the built-in list are perishable by protocol, not by wish: the letter may go. */
function formatExpanded(rule: FilterRule, o: WireRuleOptions): string {
  return formatRule(o.protocol >= 30 ? rule : { ...rule, perishable: false }, o);
}

function formatRule(rule: FilterRule, o: WireRuleOptions): string {
  if (rule.action === 'clear') return '!';
  if (rule.perishable && o.protocol < 30 && o.amSender) throw tooModern();
  const pattern = rule.pattern + (rule.directoryOnly ? '/' : '');
  return o.protocol >= 29
    ? `${formatPrefix(rule, o.protocol)} ${pattern}`
    : formatOld(rule, pattern);
}

/** `KIND MODIFIERS`, the modifiers in the order every rsync writes them (protocol >= 29). */
function formatPrefix(rule: FilterRule, protocol: number): string {
  const { merge } = rule;
  let prefix = { include: '+', exclude: '-', merge: ':', clear: '!' }[rule.action];
  if (rule.absolute) prefix += '/';
  if (rule.negated) prefix += '!';
  if (rule.cvs) prefix += 'C';
  else if (merge) {
    if (merge.noInherit) prefix += 'n';
    if (merge.wordSplit) prefix += 'w';
    if (merge.content !== 'rules') prefix += merge.content === 'include' ? '+' : '-';
  }
  if (rule.xattr) prefix += 'x';
  if (rule.sender) prefix += 's';
  if (rule.receiver) prefix += 'r';
  if (rule.perishable && protocol >= 30) prefix += 'p';
  return prefix;
}

/** Below 29 there are no modifiers: `+ ` for an include, nothing for an exclude. */
function formatOld(rule: FilterRule, pattern: string): string {
  if (rule.action === 'merge' || rule.absolute || rule.negated || rule.xattr) throw tooModern();
  if (rule.action === 'include') return `+ ${pattern}`;
  return /^[-+] /.test(pattern) ? `- ${pattern}` : pattern;
}

function tooModern(): FilterError {
  return new FilterError('TOO_MODERN', 'filter rules are too modern for remote rsync.');
}
