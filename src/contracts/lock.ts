/** Locks between processes of this machine. A holder that dies, however it dies, lets go. */
export interface Locks {
  /**
   * Waits until this process holds the lock at `path` and returns what releases it.
   * `onWait` is called once, with the holder's process id, when there is something to wait for.
   * @throws AppError `time-limit`, `cancelled`
   */
  acquire(path: string, options: LockOptions): Promise<() => void>;
}

export interface LockOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly onWait?: (holderPid: number | null) => void;
}
