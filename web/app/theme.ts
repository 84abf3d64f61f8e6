/** Runs in the head, before anything is painted, so that the page never flashes in the other theme. */
export const themeScript = `
const kept = (() => { try { return localStorage.getItem('theme') } catch { return null } })()
const dark = matchMedia('(prefers-color-scheme: dark)')
const paint = () => {
  const theme = kept === 'light' || kept === 'dark' ? kept : dark.matches ? 'dark' : 'light'
  document.documentElement.dataset.theme = theme
}
paint()
dark.addEventListener('change', paint)
`
