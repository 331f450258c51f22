/**
 * Declaring metrics of Prometheus. Values that somebody keeps anyway are read when the page is
 * asked for; times go into histograms as they happen.
 */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** The values of a metric's labels with a value; labels stand in the order of their names. */
export type Row = readonly [labels: ReadonlyArray<string>, value: number]

type Rows = Iterable<Row> | Promise<Iterable<Row>>

/** Where metrics are declared. `read` is called whenever somebody looks. */
export type Registering = {
  /** A value; undefined while there is none. */
  readonly gauge: (name: string, help: string, read: () => number | undefined) => void
  readonly gauges: (
    name: string,
    help: string,
    labels: ReadonlyArray<string>,
    read: () => Rows,
  ) => void
  /** Counts that only grow. */
  readonly counts: (
    name: string,
    help: string,
    labels: ReadonlyArray<string>,
    read: () => Rows,
  ) => void
  /** Takes seconds, under the values of its labels. */
  readonly seconds: (
    name: string,
    help: string,
    labels: ReadonlyArray<string>,
  ) => (...values: ReadonlyArray<string>) => (seconds: number) => void
}

/** Half a millisecond is an append in memory, ten seconds is what a stop may take. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const named = (labels: ReadonlyArray<string>, values: ReadonlyArray<string>) =>
  Object.fromEntries(labels.map((label, index) => [label, values[index] ?? '']))

export const registeringOn = (registry: Registry): Registering => {
  const registers = [registry]
  return {
    gauge: (name, help, read) => {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          const value = read()
          if (value !== undefined) this.set(value)
        },
      })
    },
    gauges: (name, help, labels, read) => {
      new Gauge({
        name,
        help,
        registers,
        labelNames: [...labels],
        async collect() {
          const rows = [...(await read())]
          this.reset()
          for (const [values, value] of rows) this.set(named(labels, values), value)
        },
      })
    },
    counts: (name, help, labels, read) => {
      new Counter({
        name,
        help,
        registers,
        labelNames: [...labels],
        async collect() {
          const rows = [...(await read())]
          this.reset()
          for (const [values, value] of rows) this.inc(named(labels, values), value)
        },
      })
    },
    seconds: (name, help, labels) => {
      const labelNames = [...labels]
      const histogram = new Histogram({ name, help, registers, labelNames, buckets: BUCKETS })
      return (...values) => {
        const { observe } = histogram.labels(named(labels, values))
        return observe
      }
    },
  }
}

/** Remembers what was declared, for whoever wants to list it. */
export const declaring = (
  inner: Registering,
  declared: Map<string, ReadonlyArray<string>>,
): Registering => ({
  gauge: (name, ...rest) => {
    declared.set(name, [])
    inner.gauge(name, ...rest)
  },
  gauges: (name, help, labels, read) => {
    declared.set(name, labels)
    inner.gauges(name, help, labels, read)
  },
  counts: (name, help, labels, read) => {
    declared.set(name, labels)
    inner.counts(name, help, labels, read)
  },
  seconds: (name, help, labels) => {
    declared.set(name, labels)
    return inner.seconds(name, help, labels)
  },
})
