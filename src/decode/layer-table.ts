import type { Layer } from './layer.ts'

/** Layers by a number of 16 bits, found by two reads whatever the number. */
export class LayerTable {
  readonly #index = new Uint8Array(0x10000)
  readonly #layers: (Layer | undefined)[] = [undefined]

  /** @param layers up to 255, by numbers below 65536. */
  constructor(layers: ReadonlyMap<number, Layer>) {
    for (const [number, layer] of layers) this.#index[number] = this.#layers.push(layer) - 1
  }

  find(number: number): Layer | undefined {
    return this.#layers[this.#index[number]!]
  }
}
