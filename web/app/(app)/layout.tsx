import type { ReactNode } from 'react'
import { Shell } from '../../parts/Shell.tsx'

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <>
      <Shell />
      {children}
    </>
  )
}
