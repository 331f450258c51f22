/**
 * The page about observability and the metrics in the code: the same metrics, with the same labels.
 */
import {
  engineGauges,
  logFaultCounts,
  type Metrics,
  natsGauges,
  processMetrics,
  relayGauges,
  workerGauges,
} from '@grantlog/server'
import { describe, expect, it } from 'vitest'
import { textOf } from './source-files.js'

const PAGE = textOf('docs/observability.md')

/** The rows of the table of metrics: name, labels, where. */
const ROWS = [...PAGE.matchAll(/^\| `(grantlog_\w+)` +\|([^|]*)\|([^|]*)\|/gm)].map(
  ([, name = '', labels = '', where = '']) => ({
    name,
    labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
    where: where.split(',').map((word) => word.trim()),
  }),
)

type Declared = ReadonlyMap<string, ReadonlyArray<string>>

type Part = (metrics: Metrics) => void

/** What each process declares, beside what all of them do. */
const declaredBy = (...parts: ReadonlyArray<Part>): Declared => {
  const metrics = processMetrics()
  for (const part of parts) part(metrics)
  return metrics.declared()
}
const engine: Part = (metrics) => engineGauges(metrics, () => undefined)
const cluster: Part = (metrics) => {
  natsGauges(metrics, () => undefined)
  logFaultCounts(metrics, new Map())
}
const PROCESSES: Readonly<Record<string, Declared>> = {
  standalone: declaredBy(engine),
  api: declaredBy(engine, cluster),
  worker: declaredBy((metrics) => workerGauges(metrics, () => undefined), cluster),
  relay: declaredBy((metrics) => relayGauges(metrics, () => undefined), cluster),
}

describe('the page about observability', () => {
  it.each(Object.entries(PROCESSES))(
    'given the process %s, then its metrics are those of the table, with their labels',
    (process, declared) => {
      const told = ROWS.filter(({ where }) => where.includes(process) || where.includes('all'))
      expect(told.map(({ name, labels }) => [name, labels]).toSorted()).toEqual(
        [...declared].toSorted(),
      )
    },
  )

  it('given a metric that stands in the text, then there is one of that name', () => {
    const known = new Set(ROWS.map(({ name }) => name))
    const named = [...PAGE.matchAll(/grantlog_\w+/g)].map(([name]) => name)
    expect(named.filter((name) => !known.has(name))).toEqual([])
  })

  it('given the page of a process that has just begun, then Prometheus finds every metric on it', async () => {
    const metrics = processMetrics()
    engine(metrics)
    const text = await metrics.text()
    for (const name of metrics.declared().keys()) expect(text).toContain(`# TYPE ${name} `)
    expect(text).not.toMatch(/NaN/)
  })
})
