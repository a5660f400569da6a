/** A name and a kind of authentication come in; the files of a new connector go out, by path: small, whole and tested as they are. */
import { authParts, type ScaffoldAuth } from './scaffold-auth.ts';

export interface ScaffoldOptions {
  readonly name: string;
  readonly title: string;
  readonly auth: ScaffoldAuth;
  /** Of the folder `schemas`, from the connector's folder, with forward slashes. */
  readonly schemas: string;
  /** Of the folder `docs`; the same. */
  readonly docs: string;
}

/** The text of every file, by its path in the connector's folder. */
export function buildScaffold(options: ScaffoldOptions): ReadonlyMap<string, string> {
  const { name, title, auth, schemas, docs } = options;
  const parts = authParts(auth, name.toUpperCase().replaceAll('-', '_'));
  const schema = (kind: string, up = '') =>
    `# yaml-language-server: $schema=${up}${schemas}/${kind}.schema.json\n`;
  return new Map([
    ['connector.yaml', schema('connector') + connectorYaml(name, title, parts)],
    ['methods/me.yaml', schema('methods', '../') + meYaml],
    ['methods/tasks.yaml', schema('methods', '../') + tasksYaml],
    ['types/tasks.yaml', schema('types', '../') + typesYaml],
    ['sandbox.yaml', schema('sandbox') + sandboxYaml(docs)],
    ['conformance.yaml', schema('conformance') + conformanceYaml(name)],
    ['README.md', readme(name, title, parts.key, docs)],
    ['icon.svg', icon(title)],
  ]);
}

type Parts = ReturnType<typeof authParts>;

const connectorYaml = (name: string, title: string, { settings, auth, tokenHost }: Parts) =>
  `# Who the vendor is, what must be known to call it, and how its answers are to be read.
name: ${name}
title: ${title}
version: 1.0.0
status: live
description: Tasks and what is to be done about them. (Example - say what the vendor is for.)
categories: [Productivity]
icon: icon.svg

settings:
${settings}  baseUrl:
    label: Base URL
    description: Replaces the API's host, for a mock server or a proxy. Leave it empty otherwise.
    level: console # never an account's: it could have the console's secrets sent to itself
    required: false
${tokenHost ? tokenUrl : ''}
# With several environments name the setting that chooses: environments: { setting: region, named: { eu: ..., us: ... } }
environments:
  named:
    live:
      label: Live
      hosts:
        api: https://api.${name}.example/v1 # Example - the vendor's own
${tokenHost ? `        token: https://login.${name}.example\n` : ''}overrides: { api: baseUrl${tokenHost ? ', token: tokenUrl' : ''} }

auth:
${auth}
# Proves an installation, and says whose it is. It must only read, and any good key must be allowed to call it.
test: { method: me.get, identity: { id: id, name: name } }

# Rules in order, the first that fits decides. What no rule explains is judged by its status: 401, 403, 404, 409, 429, 5xx.
failures:
  - when: { status: [401], text: [inactive, disabled] }
    means: key-inactive
${unauthorized(auth)}  - when: { status: [403] }
    means: forbidden
    hint: Give the key the right to do this, in the vendor's settings.

limits:
  perMinute:
    description: 60 requests a minute for each key. # Example - as the vendor documents it
    requests: 60
    perSeconds: 60
    sharedBy: [${/^ {2}(\w+):/.exec(settings)?.[1]}]

# How lists are paged. kind: page (numbers), offset, or token; items and total are places in the answer.
paging:
  numbered: { kind: page, parameter: page, size: per_page, items: items, total: total, defaultSize: 20 }

# Lists that offer values for an id: people choose a task by its title.
lookups:
  tasks: { label: Task, method: tasks.list, value: id, name: title }

# What methods have unless they say otherwise.
defaults:
  host: api
  limits: [perMinute]
  headers: { Accept: application/json }
`.replace(
    /( {2}- when: \{ status: \[401\] \}\n {4}means: expired)/,
    '  - when: { at: token, status: [400, 401] }\n    means: bad-credentials\n$1',
  );

const tokenUrl = `  tokenUrl:
    label: Token URL
    description: Replaces the host that tokens come from. Leave it empty otherwise.
    level: console
    required: false
`;

/** Credentials that are exchanged go wrong in two places. */
const unauthorized = (auth: string) =>
  /kind: (?:client-credentials|login)/.test(auth)
    ? `  - when: { at: token, status: [400, 401] }
    means: bad-credentials
  - when: { at: call, status: [401] }
    means: expired # the token is renewed once, and the call repeated once
`
    : `  - when: { status: [401] }
    means: bad-credentials
`;

const meYaml = `category: Me
key: me
methods:
  get:
    name: Get Me
    description: Say whose key it is.
    verb: GET
    path: /me
    response:
      type: object
      required: [id]
      properties:
        id: { type: string }
        name: { type: string }
`;

const tasksYaml = `# One file a category. Methods are addressed by key and name together: tasks.list.
category: Tasks
key: tasks
# Of paths, described once for all methods of the file.
parameters:
  id: { description: Id of the task., lookup: tasks }
methods:
  list:
    name: List Tasks
    description: Read the tasks, those that are open or all of them.
    verb: GET
    path: /tasks
    parameters:
      done: { description: 'Only those that are done, or only those that are not.', type: boolean }
    paging: { style: numbered, maximum: 100 }
    items: { $ref: '#/types/Task' }
  get:
    name: Get Task
    description: Read one task by its id.
    verb: GET
    path: /tasks/{{id}}
    response: { $ref: '#/types/Task' }
  create:
    name: Create Task
    description: Create a task.
    verb: POST
    path: /tasks
    body: { $ref: '#/types/NewTask' }
    response: { $ref: '#/types/Task' }
  delete:
    name: Delete Task
    description: Delete a task for good.
    verb: DELETE
    path: /tasks/{{id}}
`;

const typesYaml = `# JSON Schema 2020-12. Ids are text, whatever they look like.
NewTask:
  type: object
  required: [title]
  properties:
    title: { type: string, minLength: 1, maxLength: 200, description: What is to be done., examples: [Buy milk] }
    done: { type: boolean, description: Whether it has been done. }
Task:
  # What was sent, and what the vendor adds.
  allOf: [{ $ref: '#/types/NewTask' }]
  required: [id]
  properties:
    id: { type: string }
    createdAt: { type: string, format: date-time }
`;

const sandboxYaml = (
  docs: string,
) => `# What the sandbox must know to play the vendor and the definition does not say: see ${docs}/sandbox.md.
organisations: [{ id: o1, name: Mine }]
policies:
  - { name: Administrator, statements: [{ effect: allow, methods: ['*'] }] }
  - { name: Reader, statements: [{ effect: allow, methods: ['*'], reading: true }] }

# Entities have no version here; with one, name its field: version: version.
entities: { id: id, version: null, created: { createdAt: '{{now}}' } }
collections:
  tasks:
    seeds: [{ title: Try the sandbox, done: false }, { title: Read the vendor's documentation, done: true }]

# Lists, creates, reads and deletes follow from verbs and paths. What does not is said here.
methods:
  me.get: { as: answer, body: { id: '{{serviceUserId}}', name: '{{serviceUserName}}' } }
`;

const conformanceYaml = (
  name: string,
) => `# The sandbox plays what the definition says, right or wrong. So quote here what the vendor's documentation shows: a request
# and an answer of every kind, and the refusals. \`fishplate test\` holds the definition against them.
quotes:
  - method: tasks.list
    request: GET https://api.${name}.example/v1/tasks?page=1&per_page=2 # Example
    answer:
      items: [{ id: t1, title: Buy milk, done: false, createdAt: '2026-01-31T09:30:00Z' }]
      total: 1
  - method: tasks.create
    request: POST https://api.${name}.example/v1/tasks # Example
    requestHeaders: { Content-Type: application/json } # or application/x-www-form-urlencoded: see bodyEncoding
    body: { title: Buy milk }
  - { method: tasks.get, status: 404, answer: { message: No such task }, means: not-found }
  - { method: tasks.create, status: 403, answer: { message: This key may only read }, means: forbidden }

# Where a sample of every field makes no valid request, say so:
# samples:
#   tasks.create: { body: { done: null } }
`;

const readme = (name: string, title: string, key: string, docs: string) => `# ${title}

This connector gives Fishplate the public API of ${title}. (Example - say what for, and link the vendor's documentation.)

<!-- coverage -->
<!-- /coverage -->

To try all of it without the vendor, run \`npx fishplate harness\`: the [sandbox](${docs}/sandbox.md) plays it, and the
harness prints a key that works there.

## At the vendor

(Example - you need ${key}: say where it is made, what it must be allowed to do, and whether it is shown again.)

## Console setup

What the console gives holds for every account that does not give its own.

<!-- settings -->
<!-- /settings -->

A block that the vendor offers for copying can be pasted as it is: \`npx fishplate install ${name} --paste key.env\`.

<!-- names -->
<!-- /names -->

## Account setup

<!-- environments -->
<!-- /environments -->

## The test

The method under \`test\` in connector.yaml proves an installation: any good key may call it.

## What failures mean

A wrong key, an inactive one and a missing permission give three different answers; the rules are in connector.yaml.

## Limits

<!-- limits -->
<!-- /limits -->

## What is not verified

(Example - what is inferred, and not seen at the vendor.)

## Methods

<!-- categories -->
<!-- /categories -->
`;

const icon = (title: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400" role="img" aria-label="${title.replaceAll('&', '&amp;')}"><rect width="400" height="400" rx="72" fill="#3b4a6b"/><path d="M112 206l60 60 120-132" fill="none" stroke="#f2c14e" stroke-width="36" stroke-linecap="round" stroke-linejoin="round"/></svg>\n`;
