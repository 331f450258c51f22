/**
 * Transactions on the vault's one connection.
 *
 * Invariant: jobs that wait share one transaction and one flush; none is answered before it is on
 * disk, and a job that fails leaves nothing and harms no other. After anything was rolled back,
 * `onRollback` is called before anybody learns of it, so that no cache remembers what never was.
 */
import type { Database } from '../sqlite/driver.js'

/** How many jobs one transaction takes at most; the rest wait for the next. */
const JOBS_PER_TRANSACTION_MAX = 256

export type Transactions = {
  /**
   * Runs a job at once, in a transaction of its own or in the one that is open. Throws what the job
   * throws.
   */
  readonly now: <A>(job: () => A) => A
  /** Runs a job soon, in a transaction that it shares. */
  readonly soon: <A>(job: () => A) => Promise<A>
  /** Resolves when every job that waits has been answered. */
  readonly settle: () => Promise<void>
}

type Waiting = {
  readonly run: () => void
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export const transactionsOn = (database: Database, onRollback: () => void): Transactions => {
  let open = false
  let waiting: Array<Waiting> = []
  let last: Promise<void> = Promise.resolve()

  const rollBack = (statement: string): void => {
    onRollback()
    try {
      database.exec(statement)
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full.
    }
  }

  const now = <A>(job: () => A): A => {
    if (open) return job()
    database.exec('BEGIN IMMEDIATE')
    open = true
    try {
      const answer = job()
      database.exec('COMMIT')
      return answer
    } catch (error) {
      rollBack('ROLLBACK')
      throw error
    } finally {
      open = false
    }
  }

  /** One job among others: what it throws undoes only what it did. */
  const apart = (job: Waiting): boolean => {
    database.exec('SAVEPOINT job')
    try {
      job.run()
      database.exec('RELEASE job')
      return true
    } catch (error) {
      rollBack('ROLLBACK TO job; RELEASE job')
      job.reject(error)
      return false
    }
  }

  const runGroup = (): void => {
    const group = waiting.slice(0, JOBS_PER_TRANSACTION_MAX)
    waiting = waiting.slice(JOBS_PER_TRANSACTION_MAX)
    if (waiting.length > 0) schedule()
    try {
      const done = now(() => group.filter(apart))
      for (const job of done) job.resolve()
    } catch (error) {
      for (const job of group) job.reject(error)
    }
  }

  const schedule = (): void => {
    last = new Promise((resolve) => {
      setImmediate(() => {
        runGroup()
        resolve()
      })
    })
  }

  const soon = <A>(job: () => A): Promise<A> =>
    new Promise((resolve, reject) => {
      let answer: A
      waiting.push({
        run: () => {
          answer = job()
        },
        resolve: () => resolve(answer),
        reject,
      })
      if (waiting.length === 1) schedule()
    })

  const settle = async (): Promise<void> => {
    while (waiting.length > 0) await last
    await last
  }

  return { now, soon, settle }
}
