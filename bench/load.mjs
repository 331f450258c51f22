/**
 * A lean load generator: kept connections that write prepared requests and read answers, one at a
 * time each.
 *
 * It understands just enough of HTTP/1.1 for one peer: a status line, a Content-Length and a body.
 */
import { connect } from 'node:net'
import { latencyOf, samples } from './statistics.mjs'

const HEAD_END = Buffer.from('\r\n\r\n')

/** The length of the first whole answer in the bytes, and its parts; null while it is not whole. */
const firstAnswer = (bytes) => {
  const head = bytes.indexOf(HEAD_END)
  if (head === -1) return null
  const text = bytes.latin1Slice(0, head)
  const length = /\r\ncontent-length: *([0-9]+)/i.exec(text)?.[1]
  if (length === undefined) throw new Error(`an answer without a length: ${text}`)
  const end = head + HEAD_END.length + Number(length)
  if (bytes.length < end) return null
  return {
    status: Number(text.slice(9, 12)),
    body: bytes.subarray(head + HEAD_END.length, end),
    end,
  }
}

/** One connection: `ask` resolves with the answer to a request. */
const openConnection = (port) =>
  new Promise((opened, failed) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    let received = null
    let waiting = null
    const fail = (fault) => {
      waiting?.reject(fault)
      waiting = null
      failed(fault)
    }
    socket.on('error', fail)
    socket.on('close', () => fail(new Error('the server closed a connection')))
    socket.on('data', (bytes) => {
      received = received === null ? bytes : Buffer.concat([received, bytes])
      const answer = firstAnswer(received)
      if (answer === null || waiting === null) return
      if (received.length !== answer.end) return fail(new Error('an answer to nothing'))
      received = null
      const { resolve } = waiting
      waiting = null
      resolve(answer)
    })
    socket.on('connect', () =>
      opened({
        ask: (request) =>
          new Promise((resolve, reject) => {
            waiting = { resolve, reject }
            socket.write(request)
          }),
        close: () => {
          socket.removeAllListeners('close')
          socket.destroy()
        },
      }),
    )
  })

/** So many connections to a port of this machine. */
export const openConnections = async (port, count) => {
  const connections = await Promise.all(Array.from({ length: count }, () => openConnection(port)))

  /** Sends every request once, over all connections at the same time; latencies in milliseconds. */
  const send = async (requests) => {
    const taken = samples()
    const answers = []
    let next = 0
    const startedAt = performance.now()
    const drive = async ({ ask }) => {
      while (next < requests.length) {
        const request = requests[next++]
        const before = performance.now()
        const answer = await ask(request)
        taken.add(performance.now() - before)
        answers.push(answer)
      }
    }
    await Promise.all(connections.map(drive))
    const seconds = (performance.now() - startedAt) / 1_000
    const refused = answers.filter(({ status }) => status !== 200)
    return { rate: requests.length / seconds, ...latencyOf(taken), answers, refused }
  }
  return {
    send,
    close: () => {
      for (const connection of connections) connection.close()
    },
  }
}
