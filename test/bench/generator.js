/** Numbers below a limit, the same on every run (Numerical Recipes' linear congruential generator, its high bits). */
export function generator(seed) {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}
