/**
 * The page of the command line tool, from the tables that its help and its completion are made of.
 */
import { GENERATED, table } from './domain-pages.mjs'

const OPENING = `\`grantlog\` asks a server who may do what, who could, why, and since when, and calls any operation of RAM and STS. In this
repository it runs as \`npm run -s grantlog -- <command>\`, where \`-s\` keeps npm's own words out of what is piped or written to a file;
\`packages/cli\` has it as the program \`grantlog\`, which packages may link.

Answers go to standard output, talk and faults to standard error. There is colour on a terminal only, and none where \`NO_COLOR\` is
set; long work shows its progress on a terminal only.
`

const WORDS = `## Words

- A **principal** is a user by its name (\`alice\`), \`role/reader\`, \`role/reader/<session>\`, \`group/staff\`, \`root\`, or an ARN.
- A **resource** is an ARN, \`*\`, or \`<service>:<id>\` for one of the caller's account: \`ots:instance/orders\` is
  \`acs:ots:*:{uid}:instance/orders\`. \`{uid}\` stands for the id of that account wherever it is written.
- A **time** is \`2026-01-02T03:04:05Z\`, a day (\`2026-01-02\`, from midnight UTC), or so long ago: \`30d\`, \`12h\`, \`15m\`, \`90s\`, \`2w\`.
- A **document** is JSON as it stands, a file, or \`-\` for standard input.
- Parameters of operations are spelt as the operation has them: \`--UserName alice\`. Options of grantlog's own begin small.
`

const FORMATS = `## Formats

| format | what it is |
| --- | --- |
| \`table\` | for people; what others wrote can't command the terminal |
| \`json\` | the whole answer, as the server gave it; pages are joined |
| \`yaml\` | the same |
| \`jsonl\` | the rows of the answer, one a line, as they come |
| \`csv\` | the columns of the table (RFC 4180); a text that a spreadsheet would compute begins with \`'\` |

With \`json\` and \`jsonl\` a fault is one line of JSON too, on standard error: \`{"error":{"code","detail","exitCode", …}}\`. What
the server said stands in \`answer\`, whole.
`

const SETTINGS = `## Server and credentials

A flag wins over the environment, the environment over the file of profiles, that over \`http://127.0.0.1:7070\`. Secrets are never
flags. AccessKeys are taken from the first of: \`--credentials\` or \`--profile\`; \`GRANTLOG_ACCESS_KEY_ID\`; \`GRANTLOG_CREDENTIALS\`;
\`GRANTLOG_PROFILE\`; \`ALIBABA_CLOUD_ACCESS_KEY_ID\`; the current profile of the file. A file that others can read is refused.

The file of profiles has the spelling of the official command line tool:

\`\`\`json
{
  "current": "default",
  "profiles": [
    {
      "name": "default",
      "mode": "AK",
      "access_key_id": "LTAI5t…",
      "access_key_secret": "…",
      "endpoint": "https://iam.example.com"
    }
  ]
}
\`\`\`

\`sts_token\` holds the token of a session, with the mode \`StsToken\`. \`account_id\` saves a call that asks for it.
`

const COMPLETION = `## Completion

\`grantlog completion bash|zsh|fish\` prints a script: \`source <(grantlog completion bash)\`. Packages put it at
\`share/bash-completion/completions/grantlog\`, as \`_grantlog\` among zsh's functions, or at \`vendor_completions.d/grantlog.fish\`. It
completes commands, options, formats, operations, and the names of users and roles that the server tells.

It completes a program of this name. In this repository, where anything was built by any of its commands, a function is one; in the file that
a shell reads at its start it names the folder in place of \`$PWD\`:

\`\`\`sh
here="$PWD"
grantlog() { node "$here/packages/cli/dist/main.js" "$@"; }
source <(grantlog completion bash)
\`\`\`
`

const angles = (text) => text.replaceAll('<', '&lt;')

const optionsTable = (options) =>
  table(
    ['option', 'meaning'],
    options.map(({ flag, meaning, isNeeded }) => [
      isNeeded ? `**\`${flag}\`**` : `\`${flag}\``,
      angles(meaning),
    ]),
  )

const usageOf = ({ name, arguments: names, takesParameters, takesRest }) =>
  [
    `grantlog ${name}`,
    ...names.map((about) => (about.isOptional ? `[${about.name}]` : `<${about.name}>`)),
    ...(takesParameters ? ['[--Parameter value …]'] : []),
    ...(takesRest ? ['[flags of the server …]'] : []),
  ].join(' ')

const commandSection = (command, missing) => {
  const { name, summary, details, arguments: names, options, examples } = command
  if (examples.length === 0) missing.push(`grantlog ${name} has no example`)
  const words = names.map((about) => [
    `\`${about.name}\`${about.isOptional ? ' (may be absent)' : ''}`,
    angles(about.meaning),
  ])
  return [
    `### ${name}\n`,
    `${angles([summary, ...(details === undefined ? [] : [details])].join(' '))}\n`,
    `\`\`\`sh\n${usageOf(command)}\n\n${examples.join('\n')}\n\`\`\`\n`,
    ...(words.length === 0 ? [] : [`${table(['argument', 'meaning'], words)}\n`]),
    ...(options.length === 0 ? [] : [`${optionsTable(options)}\n`]),
  ].join('\n')
}

export const cliPage = ({ commands, shared, codes, variables }) => {
  const missing = []
  const shown = commands.filter(({ isHidden }) => !isHidden)
  const text = [
    `${GENERATED}\n# Command line\n`,
    OPENING,
    '## Exit codes\n',
    `${table(
      ['code', 'meaning'],
      codes.map(([code, meaning]) => [String(code), meaning]),
    )}\n`,
    WORDS,
    FORMATS,
    SETTINGS,
    `${table(
      ['variable', 'meaning'],
      variables.map(([name, meaning]) => [`\`${name}\``, meaning]),
    )}\n`,
    '## Options of every command\n',
    `${optionsTable(shared)}\n`,
    '## Commands\n',
    ...shown.map((command) => commandSection(command, missing)),
    COMPLETION,
  ].join('\n')
  return { text, missing }
}
