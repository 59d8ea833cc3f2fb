import type { FileList, FileListStore } from '@deltawire/file-list';
import type { FileStat } from '@deltawire/filesystem';
import type { FileEntry } from '@deltawire/protocol';
import type { BlockLayout } from '@deltawire/signature';
import { Bell } from '../breather.ts';
import type { OpenBasis } from '../pipeline/open-basis.ts';

/** Progress of one file list on the receiving side. */
export interface ListState {
  readonly list: FileList;
  /** The generator has looked at every item. */
  considered: boolean;
  /** Requests not yet answered, and hard links that wait for one. */
  pending: number;
  /** Its DONE has been written. */
  retired: boolean;
}

/** A regular file that is to be there. */
export interface Wanted {
  readonly ndx: number;
  readonly entry: FileEntry;
  readonly state: ListState;
}

/** What a file is built on, where that is not what it replaces (docs/spec/data.md §2.3). */
export interface Basis {
  readonly path: string;
  readonly stat: FileStat;
  /** The basis type byte. */
  readonly type: number;
  /** The name that goes with a fuzzy basis. */
  readonly xname?: string;
}

/** A transfer that was asked for and not yet answered. */
export interface Request extends Wanted {
  /** Where the file goes. */
  readonly path: string;
  /** What it is built on, where there is anything. */
  readonly basisPath: string;
  /** What is there now, or in the alternate directory that it is built on: where modes come from. */
  readonly existing: FileStat | undefined;
  /** The path whose attributes the entry's were compared with. */
  readonly comparedPath: string;
  readonly iflags: number;
  /** The basis type byte; 0x80 for what is there now. */
  readonly basisType: number;
  readonly xname: string | undefined;
  readonly basis: OpenBasis | undefined;
  readonly layout: BlockLayout;
  /** Only what comes behind the present content is asked for. */
  readonly append: boolean;
  /** Second attempt, with full-length sums. */
  readonly redo: boolean;
}

/** How a request ended, as the receiver tells the generator. */
export interface Answer {
  readonly request: Request;
  readonly outcome: 'done' | 'failed' | 'redo';
}

/** What generator and receiver share: they are tasks of one process (docs/architecture.md). */
export class ReceivingState {
  readonly store: FileListStore;
  readonly lists: ListState[] = [];
  readonly requests: Map<number, Request> = new Map();
  /** Answers the generator has not dealt with yet: at most one for each request. */
  readonly answers: Answer[] = [];
  /** Rings when a list arrives, an answer comes, or a DONE is read. */
  readonly bell: Bell = new Bell();
  /** All lists have arrived. */
  complete = false;
  /** Behind the last entry that the generator has looked at: start of its list and sorted place. */
  position = 0;
  /** DONEs the generator has written; the sender writes one for each, and none by itself. */
  donesWritten = 0;
  donesRead = 0;
  /** DONEs read from the sender that ended a phase. */
  phaseEchoes = 0;
  /** The receiver has read the last DONE of the item loop. */
  itemsEnded = false;
  /** The receiver has read what the server counted. */
  statsRead = false;
  /** The receiver has read the peer's goodbye. */
  goodbyeRead = false;
  /** How many of `lists`, from the oldest on, have had their DONE written. */
  retired = 0;
  /** Lists ever added, and entries in them. */
  listsAdded = 0;

  constructor(store: FileListStore) {
    this.store = store;
  }

  addList(list: FileList): ListState {
    const state: ListState = { list, considered: false, pending: 0, retired: false };
    this.lists.push(state);
    this.listsAdded++;
    this.bell.ring();
    return state;
  }

  /** One task failed: whoever waits fails too. */
  abort(error: unknown): void {
    this.bell.fail(error);
  }

  /** Drop the oldest list after the sender has confirmed that it did. */
  dropOldest(): void {
    this.store.retireOldest();
    this.lists.shift();
    this.retired--;
  }

  stateOf(list: FileList): ListState | undefined {
    return this.lists.find((state) => state.list === list);
  }
}
