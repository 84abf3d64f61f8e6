import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import './tokens.css'
import './base.css'
import { themeScript } from './theme.ts'

export const metadata: Metadata = {
  title: 'Todo',
  description: 'Tasks, due dates, recurring tasks and reminders',
  manifest: '/manifest.webmanifest',
  icons: { icon: '/icon.svg', apple: '/apple-touch-icon.png' },
  appleWebApp: { capable: true, title: 'Todo' },
  formatDetection: { telephone: false, date: false, email: false },
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f4f2ee' },
    { media: '(prefers-color-scheme: dark)', color: '#1c1d21' },
  ],
  viewportFit: 'cover',
}

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" data-theme="light" suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: themeScript }} />
      </head>
      <body>{children}</body>
    </html>
  )
}
