export { Reference as default } from '../../docs/Reference.tsx'
