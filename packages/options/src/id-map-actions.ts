import { OptionError } from './option-error.ts';
import type { Apply, Draft } from './option-row.ts';

const once = (option: string): OptionError =>
  new OptionError(`rsync: You can only specify ${option} once.`, 'CONFLICT');
const conflict = (option: string, prior: string): OptionError =>
  new OptionError(`rsync: ${option} conflicts with prior ${prior}.`, 'CONFLICT');

/** A map turns the preserving of ids on, until a later `--no-owner` or `--no-group`. */
function mapUsers({ options }: Draft, map: string): void {
  options.userMap = map;
  options.owner = true;
}

function mapGroups({ options }: Draft, map: string): void {
  options.groupMap = map;
  options.group = true;
}

export const setUserMap: Apply = (draft, value) => {
  if (draft.userMapFrom === '--usermap') throw once('--usermap');
  if (draft.userMapFrom !== undefined) throw conflict('--usermap', draft.userMapFrom);
  draft.userMapFrom = '--usermap';
  mapUsers(draft, value);
};

export const setGroupMap: Apply = (draft, value) => {
  if (draft.groupMapFrom === '--groupmap') throw once('--groupmap');
  if (draft.groupMapFrom !== undefined) throw conflict('--groupmap', draft.groupMapFrom);
  draft.groupMapFrom = '--groupmap';
  mapGroups(draft, value);
};

/** `--chown=USER:GROUP` is `--usermap=*:USER` and `--groupmap=*:GROUP`. */
export const chown: Apply = (draft, value) => {
  const colon = value.indexOf(':');
  const user = colon < 0 ? value : value.slice(0, colon);
  const group = colon < 0 ? '' : value.slice(colon + 1);
  if (user !== '') {
    if (draft.userMapFrom === '--usermap') throw conflict('--chown', '--usermap');
    if (draft.userMapFrom !== undefined) throw once('a user-affecting --chown');
    draft.userMapFrom = '--chown';
    mapUsers(draft, `*:${user}`);
  }
  if (group !== '') {
    if (draft.groupMapFrom === '--groupmap') throw conflict('--chown', '--groupmap');
    if (draft.groupMapFrom !== undefined) throw once('a group-affecting --chown');
    draft.groupMapFrom = '--chown';
    mapGroups(draft, `*:${group}`);
  }
};
