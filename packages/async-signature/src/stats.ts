/** What one worker thread has done. */
export interface WorkerStats {
  readonly threadId: number;
  readonly batches: number;
  /** Time at work, milliseconds. */
  readonly busyMs: number;
  /** Time between its first and its last batch without work, milliseconds. */
  readonly idleMs: number;
}

/** Counters of a signature pool since it was made. */
export interface PoolStats {
  /** Worker threads there are now. */
  readonly threads: number;
  /** Of those there may be, how many the machine has cores for just now. */
  readonly threadsAllowed: number;
  /** Callers of `sign` that wait for room in the queue. */
  readonly waiting: number;
  /** Requests in the queue. */
  readonly queued: number;
  /** Bytes of file of the requests in the queue. */
  readonly queuedBytes: number;
  /** Requests handed to workers. */
  readonly running: number;
  /** Requests answered with a signature. */
  readonly done: number;
  /** Requests answered with an error. */
  readonly failed: number;
  /** Requests given up by their signal, or by closing the pool. */
  readonly cancelled: number;
  /** Files signed on the calling thread. */
  readonly inline: number;
  /** Bytes of finished or running results that nobody has asked for yet. */
  readonly resultBytes: number;
  /** Bytes read from files, by workers and in line. */
  readonly bytesRead: number;
  /** Sum of the times from asking to being handed to a worker, milliseconds. */
  readonly waitMs: number;
  /** Sum of the times workers were at work, milliseconds. */
  readonly busyMs: number;
  /** The threads that have done some work, those that have ended included. */
  readonly workers: readonly WorkerStats[];
}
