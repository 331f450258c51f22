/**
 * The engine's meter: what it is told becomes a number in memory, and is put in words only when
 * somebody reads the metrics.
 */
import type { CommandName, CommandOutcome, DecisionOutcome, Meter } from '@grantlog/engine'
import type { Registering, Row } from './registering.js'

/** Counts by key, each from the first time that it was met. */
type Tally<Key> = Map<Key, number>

const add = <Key>(tally: Tally<Key>, key: Key, count: number): void =>
  void tally.set(key, (tally.get(key) ?? 0) + count)

const MS_PER_SECOND = 1_000

type Observe = (seconds: number) => void

/** Histograms by their labels, each made when it is first needed. */
const timers = (of: (...values: ReadonlyArray<string>) => Observe) => {
  const made = new Map<string, Map<string, Observe>>()
  return (first: string, second: string): Observe => {
    let inner = made.get(first)
    if (inner === undefined) {
      inner = new Map()
      made.set(first, inner)
    }
    const found = inner.get(second)
    if (found !== undefined) return found
    const observe = of(first, second)
    inner.set(second, observe)
    return observe
  }
}

const commandRows = (
  commands: ReadonlyMap<CommandName, Tally<CommandOutcome>>,
): ReadonlyArray<Row> =>
  [...commands].flatMap(([command, tally]) =>
    [...tally].map(([outcome, count]): Row => [[command, outcome], count]),
  )

/** What is counted and read as it stands. */
type Counted = {
  readonly decisions: Tally<DecisionOutcome>
  readonly commands: Map<CommandName, Tally<CommandOutcome>>
  readonly relayFaults: Tally<string>
  readonly accessLost: Tally<string>
  accessRecorded: number
  issued: number
  expired: number
}

const DECISIONS: ReadonlyArray<DecisionOutcome> = [
  'Allow',
  'ImplicitDeny',
  'ExplicitDeny',
  'ViewsBehind',
]

const rowsOf = (tally: ReadonlyMap<string, number>): ReadonlyArray<Row> =>
  [...tally].map(([key, count]): Row => [[key], count])

const declareCounts = ({ counts }: Registering, counted: Counted): void => {
  const { decisions, commands, relayFaults, accessLost } = counted
  counts(
    'grantlog_decisions_total',
    'Decisions about calls: allowed, denied (implicitly, explicitly), or why there was none.',
    ['outcome'],
    () => rowsOf(decisions),
  )
  counts(
    'grantlog_commands_total',
    'Commands, by what became of them.',
    ['command', 'outcome'],
    () => commandRows(commands),
  )
  counts('grantlog_sts_issued_total', 'Sessions that this process gave credentials to.', [], () => [
    [[], counted.issued],
  ])
  counts('grantlog_sts_expired_total', 'Sessions whose end this process recorded.', [], () => [
    [[], counted.expired],
  ])
  counts(
    'grantlog_access_records_total',
    'Decisions that were put on record in the background.',
    [],
    () => [[[], counted.accessRecorded]],
  )
  counts(
    'grantlog_access_records_lost_total',
    'Decisions that should have been put on record and were not, by why.',
    ['reason'],
    () => rowsOf(accessLost),
  )
  counts(
    'grantlog_relay_faults_total',
    'Rounds of the relay that ended with a fault, by its type.',
    ['type'],
    () => rowsOf(relayFaults),
  )
}

export const meterOn = (registering: Registering): Meter => {
  const { seconds } = registering
  const counted: Counted = {
    decisions: new Map(DECISIONS.map((outcome) => [outcome, 0])),
    commands: new Map(),
    relayFaults: new Map(),
    accessLost: new Map(),
    accessRecorded: 0,
    issued: 0,
    expired: 0,
  }
  declareCounts(registering, counted)
  const appends = timers(
    seconds(
      'grantlog_append_duration_seconds',
      'Time of one append to the log, by kind of stream and outcome; its count is the appends.',
      ['kind', 'outcome'],
    ),
  )
  const issuing = seconds(
    'grantlog_sts_issue_duration_seconds',
    'Time from RoleAssumed to CredentialIssued, as the log recorded them.',
    [],
  )()

  return {
    appended: (kind, outcome, ms) => appends(kind, outcome)(ms / MS_PER_SECOND),
    decided: (outcome) => add(counted.decisions, outcome, 1),
    commanded: (command, outcome) => {
      let tally = counted.commands.get(command)
      if (tally === undefined) {
        tally = new Map()
        counted.commands.set(command, tally)
      }
      add(tally, outcome, 1)
    },
    issued: (ms) => {
      counted.issued += 1
      issuing(ms / MS_PER_SECOND)
    },
    expired: (sessions) => {
      counted.expired += sessions
    },
    accessRecorded: (records) => {
      counted.accessRecorded += records
    },
    accessLost: (reason, records) => add(counted.accessLost, reason, records),
    relayFaulted: (type) => add(counted.relayFaults, type, 1),
  }
}
