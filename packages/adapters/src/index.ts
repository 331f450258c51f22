/** Each technology has an entry of its own: `./sqlite`, `./vault`, `./system`. */
export {}
