/**
 * A line to NATS that treats messages badly: it reads what server and clients send, and drops,
 * doubles, delays or swaps the messages in it. The rest of the protocol passes as it is.
 */
import { connect, createServer } from 'node:net'

const LINE_END = Buffer.from('\r\n')

/** How long a message may be kept. Unit: milliseconds. */
const DELAY_MS_MAX = 300
const SWAP_MS_MAX = 40

/** How messages begin: from the server, and from a client. */
const MESSAGE_VERBS = ['MSG', 'HMSG', 'PUB', 'HPUB']

/** The first whole piece of what was sent: a message, or a line of the protocol. */
const firstPiece = (bytes) => {
  const lineEnd = bytes.indexOf(LINE_END)
  if (lineEnd === -1) return null
  const [verb, ...words] = bytes.toString('latin1', 0, lineEnd).split(/\s+/)
  const isMessage = MESSAGE_VERBS.includes(verb.toUpperCase())
  // The last word of a message's first line is the length of what follows.
  const end = lineEnd + 2 + (isMessage ? Number(words.at(-1)) + 2 : 0)
  return bytes.length < end ? null : { isMessage, bytes: bytes.subarray(0, end), end }
}

/** Hands on each piece of a stream of bytes. */
const pieces = (onPiece) => {
  let waiting = Buffer.alloc(0)
  return (chunk) => {
    waiting = Buffer.concat([waiting, chunk])
    for (let piece = firstPiece(waiting); piece !== null; piece = firstPiece(waiting)) {
      waiting = waiting.subarray(piece.end)
      onPiece(piece)
    }
  }
}

/** The last first, after a short time. */
const swapping = (send) => {
  let kept = []
  return (bytes) => {
    kept.push(bytes)
    if (kept.length > 1) return
    setTimeout(() => {
      const turned = kept.reverse()
      kept = []
      for (const message of turned) send(message)
    }, SWAP_MS_MAX)
  }
}

const TREATMENTS = {
  whole: (send) => send,
  dropped: () => () => undefined,
  doubled: (send) => (bytes) => {
    send(bytes)
    send(bytes)
  },
  delayed: (send) => (bytes) => void setTimeout(() => send(bytes), Math.random() * DELAY_MS_MAX),
  swapped: swapping,
}

/** Passes on what one end sends to the other; `current` says how the next message is treated. */
const passOn = (from, to, current) => {
  const send = (bytes) => void (to.destroyed || to.write(bytes))
  const treated = Object.fromEntries(
    Object.entries(TREATMENTS).map(([name, treat]) => [name, treat(send)]),
  )
  from.on(
    'data',
    pieces(({ isMessage, bytes }) => (isMessage ? treated[current()](bytes) : send(bytes))),
  )
  from.on('error', () => from.destroy())
  from.on('close', () => to.destroy())
}

/** Listens at once; the server behind it may come later. */
export const startNatsProxy = (serverPort) =>
  new Promise((resolve, reject) => {
    let treatment = 'whole'
    const messages = Object.fromEntries(Object.keys(TREATMENTS).map((name) => [name, 0]))
    const current = () => {
      messages[treatment] += 1
      return treatment
    }
    const sockets = new Set()
    const server = createServer((client) => {
      const upstream = connect(serverPort, '127.0.0.1')
      for (const socket of [client, upstream]) {
        sockets.add(socket)
        socket.on('close', () => sockets.delete(socket))
      }
      passOn(client, upstream, current)
      passOn(upstream, client, current)
    })
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () =>
      resolve({
        url: `nats://127.0.0.1:${server.address().port}`,
        /** From now on; what is being delayed still arrives. */
        treat: (name) => {
          treatment = name
        },
        /** How many messages had each treatment. */
        messages: () => messages,
        stop: async () => {
          for (const socket of sockets) socket.destroy()
          await new Promise((closed) => server.close(closed))
        },
      }),
    )
  })
