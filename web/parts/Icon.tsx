/** The icons: strokes of one width in a square of 20. They say nothing to screen readers; the control beside them does. */

const paths = {
  inbox:
    'M3 11l2.4-6.2A2 2 0 0 1 7.3 3.5h5.4a2 2 0 0 1 1.9 1.3L17 11v4a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 15v-4zm0 0h4l1 2.2h4l1-2.2h4',
  today:
    'M10 2.8v1.7M10 15.5v1.7M2.8 10h1.7M15.5 10h1.7M4.9 4.9l1.2 1.2M13.9 13.9l1.2 1.2M4.9 15.1l1.2-1.2M13.9 6.1l1.2-1.2M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0z',
  calendar:
    'M3.5 5.5a1.5 1.5 0 0 1 1.5-1.5h10a1.5 1.5 0 0 1 1.5 1.5V15a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 15V5.5zm0 3h13M7 2.5v3M13 2.5v3',
  repeat:
    'M4 9V8a2.5 2.5 0 0 1 2.5-2.5H15M12.5 3L15 5.5 12.5 8M16 11v1a2.5 2.5 0 0 1-2.5 2.5H5M7.5 12L5 14.5 7.5 17',
  tag: 'M3.5 9.3V4.5a1 1 0 0 1 1-1h4.8a1.5 1.5 0 0 1 1.060.44l5.7 5.7a1.5 1.5 0 0 1 0 2.120l-4.3 4.3a1.5 1.5 0 0 1-2.120 0l-5.7-5.7a1.5 1.5 0 0 1-.44-1.060zM7 7h.01',
  check: 'M4.5 10.5l3.5 3.5 7.5-8',
  search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zm4-1.5l3.5 3.5',
  bell: 'M10 3a4.5 4.5 0 0 1 4.5 4.5c0 3.5 1.5 4.5 1.5 5.5H4c0-1 1.5-2 1.5-5.5A4.5 4.5 0 0 1 10 3zM8.3 15.5a1.8 1.8 0 0 0 3.4 0',
  settings:
    'M3.5 6h6M13.5 6h3M3.5 14h3M10.5 14h6M11.5 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8.5 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  plus: 'M10 4v12M4 10h12',
  close: 'M5 5l10 10M15 5L5 15',
  flag: 'M5 17V3.5h8.5L12 7l1.5 3.5H5',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  left: 'M12 4.5L6.5 10l5.5 5.5',
  right: 'M8 4.5l5.5 5.5L8 15.5',
  trash:
    'M4 5.5h12M8 5.5V4a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1v1.5M5.5 5.5l.7 9.6a1.5 1.5 0 0 0 1.5 1.4h4.6a1.5 1.5 0 0 0 1.5-1.4l.7-9.6M8.5 9v4.5M11.5 9v4.5',
  skip: 'M4.5 4.5v11l7-5.5-7-5.5zM15 4.5v11',
  clock: 'M10 16.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM10 6v4l2.5 2',
  offline:
    'M3 3l14 14M5.5 8.3a8 8 0 0 1 2.3-1.3M11 6.5a8 8 0 0 1 3.7 1.8M7.7 11.2a4 4 0 0 1 1.7-.9M10 14.5h.01',
  user: 'M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4.5 16.5a5.5 5.5 0 0 1 11 0',
  notes: 'M4 5.5h12M4 10h12M4 14.5h7',
} as const

export type IconName = keyof typeof paths

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.5 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}
