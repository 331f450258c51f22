/**
 * The boundaries as rules: floors, pure floors, homes of drivers, front doors, entities apart, no
 * circles.
 *
 * Another package is reached through its built front door, so it shows up as
 * `packages/<name>/dist/…`. test/architecture/boundaries.test.ts runs these rules, and first proves
 * that there was something to see.
 */

/** From the ground up; a package imports only from floors below its own. */
const FLOORS = [
  ['policy'],
  ['domain'],
  ['views'],
  ['engine', 'client'],
  ['adapters', 'protocol'],
  ['server'],
  ['cli'],
]

/** What a pure floor may take from the registry. Everything else needs a decision. */
const PURE = {
  policy: ['fp-ts', 'io-ts', '@humanwhocodes/momoa'],
  domain: ['fp-ts', 'io-ts', 'immutable'],
  views: ['fp-ts', 'io-ts', 'immutable'],
}

const DRIVERS = [
  '^(node:)?sqlite$',
  '(^|/)(@photostructure/sqlite|better-sqlite3)(/|$)',
  // grantlog's own folders have these names too.
  '(^|node_modules/)(@eventstore/db-client|nats|@nats-io/[^/]+)(/|$)',
  '(^|/)@opentelemetry/[^/]+(/|$)',
  '(^|/)(jose|@node-saml/node-saml|xml-crypto|@xmldom/xmldom)(/|$)',
]

/** The effect types of fp-ts: whatever runs later, elsewhere, or twice. */
const EFFECTS =
  '(^|/)fp-ts/(lib|es6)/(StateReader|Reader)?(Task|IO|Console|Date|Random)[A-Za-z]*(\\.js)?$'

/** The entries a package may have beside its main one. */
const DOORS =
  'cluster|testing|sqlite|federation|vault|system|eventstoredb|nats|telemetry|shapes|fastify|express|decision-point'

const SOURCES = '^(packages|services)/[^/]+/src/'
const TESTING = '/testing/'

const floorRules = FLOORS.flatMap((floor, level) =>
  floor.map((name) => {
    const below = [name, ...FLOORS.slice(0, level).flat()].join('|')
    return {
      name: `floor-${name}`,
      comment: `${name} imports only from floors below its own.`,
      severity: 'error',
      from: { path: `^packages/${name}/src/` },
      to: { path: '^(packages|services)/', pathNot: `^packages/(${below})/` },
    }
  }),
)

const pureRules = Object.entries(PURE).map(([name, allowed]) => ({
  name: `pure-${name}-libraries`,
  comment: `${name} takes nothing from the registry but ${allowed.join(', ')}.`,
  severity: 'error',
  from: { path: `^packages/${name}/src/`, pathNot: TESTING },
  to: {
    path: 'node_modules/',
    pathNot: `node_modules/(${allowed.join('|')})/`,
  },
}))

module.exports = {
  forbidden: [
    ...floorRules,
    ...pureRules,
    {
      name: 'pure-no-node',
      comment: 'The pure floors import no Node module.',
      severity: 'error',
      from: { path: `^packages/(${Object.keys(PURE).join('|')})/src/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-no-effects',
      comment: 'The pure floors import no effect type.',
      severity: 'error',
      from: { path: `^packages/(${Object.keys(PURE).join('|')})/src/` },
      to: { path: EFFECTS },
    },
    {
      name: 'drivers-in-adapters',
      comment: 'Drivers are met in adapters only.',
      severity: 'error',
      from: { path: SOURCES, pathNot: '^packages/adapters/src/' },
      to: { path: DRIVERS, pathNot: '^packages/' },
    },
    {
      name: 'eventstore-client-at-home',
      comment: "The adapters meet EventStoreDB's client in its own folder only.",
      severity: 'error',
      from: {
        path: '^packages/adapters/src/',
        pathNot: '^packages/adapters/src/eventstoredb/',
      },
      to: { path: '(^|/)@eventstore/db-client(/|$)' },
    },
    {
      name: 'services-apart',
      comment: 'A service does not import another one.',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'packages-below-services',
      comment: 'No package imports a service.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^services/' },
    },
    {
      name: 'front-doors-only',
      comment: 'Another package is entered through one of its index files.',
      severity: 'error',
      from: { path: '^(packages|services)/([^/]+)/src/' },
      to: {
        path: '^(packages|services)/',
        pathNot: ['^$1/$2/src/', `^packages/[a-z]+/dist/((${DOORS})/)?index\\.js$`],
      },
    },
    {
      name: 'no-testing-in-production',
      comment: 'What the tests are given stays with the tests.',
      severity: 'error',
      from: { path: SOURCES, pathNot: TESTING },
      to: { path: TESTING },
    },
    {
      name: 'entities-apart',
      comment:
        "An entity of an account imports no other's folder; what two need is in names or state.",
      severity: 'error',
      from: { path: '^packages/domain/src/account/([^/]+)/' },
      to: {
        path: '^packages/domain/src/account/[^/]+/',
        pathNot: '^packages/domain/src/account/$1/',
      },
    },
    {
      name: 'no-circles',
      comment: 'A file does not need itself, by whatever detour; types may refer to each other.',
      severity: 'error',
      from: { path: SOURCES },
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: { path: SOURCES },
      to: { couldNotResolve: true },
    },
    {
      name: 'declared',
      comment: 'What a package imports, its own package.json names.',
      severity: 'error',
      from: { path: SOURCES, pathNot: TESTING },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^packages/[^/]+/dist/'] },
    exclude: { path: '\\.test\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      mainFields: ['module', 'main'],
    },
  },
}
