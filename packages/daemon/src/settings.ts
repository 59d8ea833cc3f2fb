/** Global parameters in force; strings are byte strings. */
export interface GlobalSettings {
  readonly address: string;
  /** undefined when not set; 0 takes any free port. */
  readonly port: number | undefined;
  readonly motdFile: string;
  readonly pidFile: string;
  readonly logFile: string;
  readonly syslogFacility: string;
  readonly syslogTag: string;
  readonly listenBacklog: number;
  readonly socketOptions: string;
  /** Whom the process of a connection becomes before it knows the module; '' for nobody else. */
  readonly daemonUid: string;
  readonly daemonGid: string;
  readonly proxyProtocol: boolean;
  readonly proxyProtocolHosts: string;
  readonly reverseLookup: boolean;
}

/** A module in force, defaults filled in; strings are byte strings, '' where nothing is set. */
export interface ModuleSettings {
  readonly name: string;
  readonly path: string;
  readonly comment: string;
  readonly list: boolean;
  readonly uid: string;
  readonly gid: string;
  readonly readOnly: boolean;
  readonly writeOnly: boolean;
  readonly authUsers: string;
  readonly secretsFile: string;
  readonly strictModes: boolean;
  readonly authDigest: string;
  readonly hostsAllow: string;
  readonly hostsDeny: string;
  readonly reverseLookup: boolean;
  readonly forwardLookup: boolean;
  readonly maxConnections: number;
  /** Modules with the same one share their places. */
  readonly lockFile: string;
  readonly timeout: number;
  readonly refuseOptions: string;
  readonly filter: string;
  readonly include: string;
  readonly includeFrom: string;
  readonly exclude: string;
  readonly excludeFrom: string;
  /** undefined: unless the whole file system is served. */
  readonly mungeSymlinks: boolean | undefined;
  readonly numericIds: boolean;
  /** Of the names in the module; '' where clients may not convert names. */
  readonly charset: string;
  /** Shell command that translates names and numbers of users and groups; '' for the system's. */
  readonly nameConverter: string;
  readonly useChroot: boolean | undefined;
  readonly incomingChmod: string;
  readonly outgoingChmod: string;
  readonly tempDir: string;
  readonly ignoreErrors: boolean;
  /** Owners, devices and so on are noted in extended attributes. */
  readonly fakeSuper: boolean;
  readonly ignoreNonreadable: boolean;
  readonly insecureLinks: boolean;
  /** undefined: as the client asks. */
  readonly openNoatime: boolean | undefined;
  readonly dontCompress: string;
  readonly logFile: string;
  readonly syslogFacility: string;
  readonly syslogTag: string;
  readonly transferLogging: boolean;
  readonly logFormat: string;
  readonly maxVerbosity: number;
  readonly earlyExec: string;
  readonly preXferExec: string;
  readonly postXferExec: string;
}

/** A configuration in force. */
export interface DaemonSettings {
  readonly global: GlobalSettings;
  readonly modules: readonly ModuleSettings[];
  readonly warnings: readonly string[];
}
