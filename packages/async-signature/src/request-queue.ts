import type { SignatureRequest } from './request.ts';

/** Requests in order of need, bounded in number and in bytes of file to read. */
export class RequestQueue {
  /** Bytes of file that the queued requests stand for. */
  bytes = 0;
  readonly #maxFiles: number;
  readonly #maxBytes: number;
  /** Binary heap, the most urgent first; every request knows its place. */
  readonly #heap: SignatureRequest[] = [];

  constructor(maxFiles: number, maxBytes: number) {
    this.#maxFiles = Math.max(1, maxFiles);
    this.#maxBytes = maxBytes;
  }

  get length(): number {
    return this.#heap.length;
  }

  /** Is there room for a file of so many bytes? An empty queue takes any file. */
  hasRoom(fileLength: number): boolean {
    if (this.#heap.length === 0) return true;
    return this.#heap.length < this.#maxFiles && this.bytes + fileLength <= this.#maxBytes;
  }

  /** Add a request, whether there is room or not. */
  add(request: SignatureRequest): void {
    this.bytes += request.layout.fileLength;
    this.#heap.push(request);
    this.#up(this.#heap.length - 1);
  }

  /** The most urgent request, left in the queue. */
  first(): SignatureRequest | undefined {
    return this.#heap[0];
  }

  has(request: SignatureRequest): boolean {
    return this.#heap[request.place] === request;
  }

  /** Take a request out, wherever it is. */
  remove(request: SignatureRequest): void {
    const { place } = request;
    if (this.#heap[place] !== request) return;
    this.bytes -= request.layout.fileLength;
    const moved = this.#heap.pop()!;
    request.place = -1;
    if (moved === request) return;
    this.#heap[place] = moved;
    moved.place = place;
    this.reorder(moved);
  }

  /** Put a queued request whose urgency changed where it belongs. */
  reorder(request: SignatureRequest): void {
    this.#up(request.place);
    this.#down(request.place);
  }

  /** In no particular order. */
  [Symbol.iterator](): IterableIterator<SignatureRequest> {
    return this.#heap.values();
  }

  #up(from: number): void {
    const heap = this.#heap;
    const request = heap[from]!;
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent]!;
      if (!isSooner(request, above)) break;
      heap[place] = above;
      above.place = place;
      place = parent;
    }
    heap[place] = request;
    request.place = place;
  }

  #down(from: number): void {
    const heap = this.#heap;
    const request = heap[from]!;
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isSooner(heap[child + 1]!, heap[child]!)) child++;
      const below = heap[child]!;
      if (!isSooner(below, request)) break;
      heap[place] = below;
      below.place = place;
      place = child;
    }
    heap[place] = request;
    request.place = place;
  }
}

/** Higher priority first, then in the order of asking. */
export function isSooner(a: SignatureRequest, b: SignatureRequest): boolean {
  return a.priority === b.priority ? a.sequence < b.sequence : a.priority > b.priority;
}
