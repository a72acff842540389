// SPDX-License-Identifier: Apache-2.0
// Icons of the lucide set, only those used. An icon is never alone: a word stands beside
// it, or its button is named.
import { h } from 'preact';
import {
  Activity,
  Ambulance, ArrowDown, ArrowLeft, ArrowRight, ArrowRightLeft, ArrowUp, BedSingle, BookOpenCheck, Building2, CalendarClock, Camera, ChartColumn, Check, ChevronLeft,
  ChevronRight, ChevronsUp, CircleAlert, CircleQuestionMark, ClipboardCheck, Clock, Contrast, Ellipsis, Eye, FileText, GraduationCap, Handshake, Hospital, House, Info,
  Grid3x3, Languages, List, NotebookPen, LogOut, MapPinned, Maximize, MessageCirclePlus, MessageSquareQuote, Minus, Printer, RotateCw, ScanEye, Search, Signature, Siren, UserPlus,
  Users, UsersRound, Wrench, X, ZoomIn, ZoomOut,
} from 'lucide';

const SHAPES = {
  'arrow-down': ArrowDown,
  'arrow-up': ArrowUp,
  'in-work': Eye,
  add: MessageCirclePlus,
  apprentices: GraduationCap,
  alert: CircleAlert,
  answered: Check,
  arrived: Hospital,
  audit: BookOpenCheck,
  back: ArrowLeft,
  bed: BedSingle,
  camera: Camera,
  cases: List,
  close: X,
  course: GraduationCap,
  emergency: Siren,
  equipment: Wrench,
  file: FileText,
  'file-before': ChevronLeft,
  'file-next': ChevronRight,
  find: MapPinned,
  greys: Contrast,
  handover: Handshake,
  home: House,
  hospital: Building2,
  info: Info,
  journey: Ambulance,
  language: Languages,
  map: Grid3x3,
  meeting: CalendarClock,
  logbook: NotebookPen,
  more: Ellipsis,
  next: ArrowRight,
  numbers: ChartColumn,
  people: Users,
  'person-new': UserPlus,
  phrases: MessageSquareQuote,
  print: Printer,
  'question-back': CircleQuestionMark,
  review: ClipboardCheck,
  routine: Minus,
  search: Search,
  seen: ScanEye,
  'sign-off': Signature,
  'sign-out': LogOut,
  urgent: ChevronsUp,
  team: UsersRound,
  transfers: ArrowRightLeft,
  turn: RotateCw,
  waiting: Clock,
  watch: Activity,
  whole: Maximize,
  'zoom-in': ZoomIn,
  'zoom-out': ZoomOut,
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {SHAPES[name].map(([tag, attributes], at) => h(tag, { ...attributes, key: at }))}
    </svg>
  );
}
