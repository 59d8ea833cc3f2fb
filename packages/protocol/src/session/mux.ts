import { MessageTag, type MuxMessage, refusalError, refuseMessage } from './message.ts';

/*
 *     offset  bytes
 *     0       3      payload length, LE
 *     3       1      7 + tag
 *     4       …      payload
 *
 * DATA payloads concatenate to the logical stream; their boundaries mean nothing. Other frames may
 * come between any two DATA frames. Source: docs/spec/session.md §6.1.
 */

const HEADER_BYTES = 4;
const TAG_BASE = 7;

/** Largest DATA frame that is written: rsync's output buffer of 64 KiB less the header. */
export const FRAME_MAX_BYTES = 65532;
/** Arrays above this are sent from where they are instead of being copied into a frame. */
const COPY_MAX_BYTES = 4096;
/** Frames are put together in buffers of this size. */
const SLAB_BYTES = 32 * 1024;

/** What a {@link MuxDecoder} needs. */
export interface MuxDecoderOptions {
  /** Receives the logical stream piece by piece, as views of the pushed chunks. Never empty. */
  onData(view: Uint8Array): void;
  /** Receives every complete frame other than DATA. */
  onMessage(message: MuxMessage): void;
  /** Who is reading: some messages only make sense for a client. */
  readonly role: 'client' | 'server';
}

/** Splits received bytes into the logical stream and messages. Holds at most one message. */
export class MuxDecoder {
  readonly #options: MuxDecoderOptions;
  #header: number = 0;
  #headerBytes: number = 0;
  #tag: number = MessageTag.DATA;
  /** Payload bytes still to come. */
  #left: number = 0;
  #payload: Uint8Array | undefined;

  constructor(options: MuxDecoderOptions) {
    this.#options = options;
  }

  /** Whether the bytes so far end inside a frame; at the end of input that means truncation. */
  get midFrame(): boolean {
    return this.#headerBytes > 0;
  }

  /** @throws ProtocolError with exit code 12 for a frame that rsync would not accept either */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) at = this.step(chunk, at);
  }

  /**
   * Like {@link push}, but begin at `start`, go no further than the end of the current frame, and
   * return the offset where that was. For streams that leave the framing for a while (`--files-from`
   * below protocol 31).
   */
  step(chunk: Uint8Array, start: number = 0): number {
    let at = start;
    while (this.#headerBytes < HEADER_BYTES) {
      if (at === chunk.length) return at;
      this.#header |= chunk[at++]! << (8 * this.#headerBytes++);
      if (this.#headerBytes === HEADER_BYTES) this.#begin();
    }
    const end = Math.min(chunk.length, at + this.#left);
    if (end > at) {
      this.#left -= end - at;
      this.#accept(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end));
    }
    if (this.#left === 0) this.#finish();
    return end;
  }

  #begin(): void {
    const tag = (this.#header >>> 24) - TAG_BASE;
    const length = this.#header & 0xffffff;
    const refusal = refuseMessage(tag, length, this.#options.role);
    if (refusal !== undefined) throw refusalError(refusal, tag, length);
    this.#tag = tag;
    this.#left = length;
    this.#payload = tag === MessageTag.DATA ? undefined : new Uint8Array(length);
  }

  #accept(view: Uint8Array): void {
    if (this.#payload === undefined) this.#options.onData(view);
    else this.#payload.set(view, this.#payload.length - this.#left - view.length);
  }

  #finish(): void {
    const payload = this.#payload;
    this.#header = 0;
    this.#headerBytes = 0;
    this.#payload = undefined;
    if (payload !== undefined) this.#options.onMessage({ tag: this.#tag, payload });
  }
}

/** Puts data and messages into frames. */
export class MuxEncoder {
  #done: Uint8Array[] = [];
  #length: number = 0;
  #slab: Uint8Array = new Uint8Array(0);
  /** The part of the slab that is not in `#done` yet. */
  #start: number = 0;
  #end: number = 0;
  /** Where the header of the open DATA frame is; it is filled in when the frame is closed. */
  #openSlab: Uint8Array | undefined;
  #openAt: number = 0;
  #openBytes: number = 0;

  /** Bytes that {@link take} would return. */
  get length(): number {
    return this.#length;
  }

  /**
   * Append to the logical stream. An array of more than 4 KiB is not copied: it must not change
   * before the chunks that {@link take} returns have been written.
   */
  data(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#openSlab === undefined) this.#open();
      const end = Math.min(bytes.length, at + FRAME_MAX_BYTES - this.#openBytes);
      this.#append(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
      this.#openBytes += end - at;
      at = end;
      if (this.#openBytes === FRAME_MAX_BYTES) this.#close();
    }
  }

  /** Append a frame of its own. `message(MessageTag.DATA, empty)` is a keep-alive. */
  message(tag: number, payload: Uint8Array): void {
    this.#close();
    const at = this.#reserve(HEADER_BYTES);
    writeHeader(this.#slab, at, tag, payload.length);
    this.#append(payload);
  }

  /** The finished frames as chunks to be written in order; an open frame is closed first. */
  take(): Uint8Array[] {
    this.#close();
    this.#cut();
    const done = this.#done;
    this.#done = [];
    this.#length = 0;
    return done;
  }

  #open(): void {
    this.#openAt = this.#reserve(HEADER_BYTES);
    this.#openSlab = this.#slab;
    this.#openBytes = 0;
  }

  #close(): void {
    if (this.#openSlab === undefined) return;
    writeHeader(this.#openSlab, this.#openAt, MessageTag.DATA, this.#openBytes);
    this.#openSlab = undefined;
  }

  #append(bytes: Uint8Array): void {
    if (bytes.length <= COPY_MAX_BYTES) {
      const at = this.#reserve(bytes.length);
      this.#slab.set(bytes, at);
    } else {
      this.#cut();
      this.#done.push(bytes);
      this.#length += bytes.length;
    }
  }

  #reserve(count: number): number {
    if (this.#end + count > this.#slab.length) {
      this.#cut();
      this.#slab = new Uint8Array(SLAB_BYTES);
      this.#start = 0;
      this.#end = 0;
    }
    const at = this.#end;
    this.#end += count;
    this.#length += count;
    return at;
  }

  /** Move what the slab holds to the finished chunks. */
  #cut(): void {
    if (this.#end > this.#start) this.#done.push(this.#slab.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }
}

function writeHeader(target: Uint8Array, at: number, tag: number, length: number): void {
  target[at] = length;
  target[at + 1] = length >> 8;
  target[at + 2] = length >> 16;
  target[at + 3] = tag + TAG_BASE;
}
