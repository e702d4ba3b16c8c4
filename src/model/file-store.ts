/** Where a file is: in its place, or set aside for an operation. */
export interface FileFound {
  readonly inPlace: boolean;
  readonly aside: boolean;
}

/**
 * Where files that belong to rows are kept: a local directory, or whatever an application brings. A path is the text in
 * the row's column. Every call may come again after a crash, in the same order, and must then find its work done.
 */
export interface FileStore {
  /** Refuses a path that is not one of the store's, without changing anything. @throws `file-outside-root` */
  check(path: string): Promise<void>;
  find(path: string, operation: string): Promise<FileFound>;
  /** Sets a file aside for an operation, where nobody who reads the store finds it; false where there is none. */
  moveAside(path: string, operation: string): Promise<boolean>;
  /**
   * Puts a file that was set aside back into its place; false where it is neither aside nor in its place.
   * @throws `file-in-the-way` where another file has taken its place
   */
  bringBack(path: string, operation: string): Promise<boolean>;
  /** Removes a file for good; false where there is none. */
  remove(path: string): Promise<boolean>;
  /** A file's bytes; null where there is none. For `attempts logs`, which refuses a store without it. */
  read?(path: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** Removes for good all that is set aside for an operation. */
  forget(operation: string): Promise<void>;
}

/** A column that holds the path of a file. */
export interface FileColumn {
  readonly column: string;
  readonly store: FileStore;
}
