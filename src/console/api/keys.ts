/** The names under which answers are kept, from the general to the particular: to drop `accounts` drops what is below. */

/** One entry for each thing that pages read. A mutation invalidates by these and never by a list of its own. */
export const keys = {
  session: ['session'],
  connectors: ['connectors'],
  connector: (name: string) => ['connectors', name],
  consoleSetup: (name: string) => ['connectors', name, 'setup'],
  consoleRotation: (name: string) => ['connectors', name, 'setup', 'rotation'],
  methods: (name: string) => ['connectors', name, 'methods'],
  accounts: ['accounts'],
  account: (id: string) => ['accounts', id],
  installations: (account: string) => ['accounts', account, 'installations'],
  installation: (account: string, id: string) => ['accounts', account, 'installations', id],
  setupLinks: (account: string, id: string) => ['accounts', account, 'installations', id, 'setup-links'],
  rotation: (account: string, id: string) => ['accounts', account, 'installations', id, 'rotation'],
  calls: ['calls'],
  call: (id: string) => ['calls', 'one', id],
  serviceUsers: ['service-users'],
  serviceUser: (id: string) => ['service-users', id],
  accessKeys: (user: string) => ['service-users', user, 'access-keys'],
  policies: ['policies'],
  policy: (id: string) => ['policies', id],
  audit: ['audit'],
  sandboxes: ['sandboxes'],
  sandbox: (name: string) => ['sandboxes', name],
} as const;
