/** Parameters of one module for an embedded daemon; the names are `rsyncd.conf`'s. Text. */
export interface ModuleConfig {
  readonly path: string;
  readonly comment?: string;
  /** @default true */
  readonly list?: boolean;
  /** @default true */
  readonly readOnly?: boolean;
  /** @default false */
  readonly writeOnly?: boolean;
  /** Name or number; as root the default is `nobody`, or no switch in the same process. */
  readonly uid?: string | number;
  readonly gid?: string | number;
  readonly authUsers?: string | readonly string[];
  readonly secretsFile?: string;
  /** @default true */
  readonly strictModes?: boolean;
  readonly authDigest?: string;
  readonly hostsAllow?: string | readonly string[];
  readonly hostsDeny?: string | readonly string[];
  /** 0 is unlimited, a negative number disables the module. */
  readonly maxConnections?: number;
  /** Seconds; 0 for none. */
  readonly timeout?: number;
  readonly refuseOptions?: string | readonly string[];
  readonly filter?: string;
  readonly include?: string;
  readonly includeFrom?: string;
  readonly exclude?: string;
  readonly excludeFrom?: string;
  /** @default true, unless the whole file system is served */
  readonly mungeSymlinks?: boolean;
  /** @default where rsync would have changed the root: as root unless `useChroot` is false */
  readonly numericIds?: boolean;
  /** There is no chroot here: paths are confined. Decides about `numericIds`. */
  readonly useChroot?: boolean;
  readonly incomingChmod?: string;
  readonly outgoingChmod?: string;
  readonly tempDir?: string;
  readonly ignoreErrors?: boolean;
  readonly charset?: string;
  readonly nameConverter?: string;
  readonly fakeSuper?: boolean;
  readonly ignoreNonreadable?: boolean;
  readonly insecureLinks?: boolean;
  /** @default as the client asks */
  readonly openNoatime?: boolean;
  /** Only the word `*` has an effect: zlib sends data as it is. */
  readonly dontCompress?: string;
  readonly logFile?: string;
  readonly transferLogging?: boolean;
  readonly logFormat?: string;
  /** @default 1 */
  readonly maxVerbosity?: number;
  /** Commands for a shell; they run as the user of this process. */
  readonly earlyExec?: string;
  readonly preXferExec?: string;
  readonly postXferExec?: string;
  readonly reverseLookup?: boolean;
  readonly forwardLookup?: boolean;
}

/** An embedded daemon's configuration: global parameters, and modules by name. Text. */
export interface DaemonConfig {
  readonly address?: string;
  /** 0 takes any free port. @default 873 */
  readonly port?: number;
  readonly motdFile?: string;
  readonly pidFile?: string;
  readonly logFile?: string;
  readonly reverseLookup?: boolean;
  readonly listenBacklog?: number;
  readonly socketOptions?: string;
  /** Connections begin with a PROXY header, which only `proxyProtocolHosts` may send. */
  readonly proxyProtocol?: boolean;
  readonly proxyProtocolHosts?: string | readonly string[];
  readonly modules: Readonly<Record<string, ModuleConfig>>;
}
