// Pictures beside words: never the only thing that says something, so hidden from screen readers.
import {
  Accessibility, ArrowDown, ArrowUp, CalendarDays, CalendarRange, Check, ChevronLeft, ChevronRight, CircleAlert, CircleCheck,
  ClipboardCheck, Coins, FileClock, GitMergeConflict, HandHeart, History, Languages, LayoutDashboard, Megaphone,
  MessageCircleQuestionMark, MessagesSquare, PackageOpen, Pencil, Plus, Scale, ScrollText, Search, Settings, Target, TriangleAlert,
  UserCheck, Users, UserX, X,
} from "lucide-preact";

export const kPageIcons: Record<string, typeof Check> = {
  overview: LayoutDashboard,
  plan: Target,
  timetable: CalendarRange,
  conflicts: GitMergeConflict,
  charter: ScrollText,
  history: History,
  responsibilities: Users,
  resources: PackageOpen,
  money: Coins,
  meetings: CalendarDays,
  reviews: ClipboardCheck,
  consultation: Megaphone,
  comments: MessagesSquare,
  settings: Settings,
  accessibility: Accessibility,
};

export const kNeedIcons: Record<string, typeof Check> = {
  conflict: GitMergeConflict,
  "confirm-member": UserCheck,
  "confirm-position": Scale,
  "state-position": Scale,
  "agreement-lapsed": HandHeart,
  "agreement-awaited": HandHeart,
  "stale-translation": Languages,
  overdue: FileClock,
  "dates-out-of-order": FileClock,
  "refers-to-deleted": CircleAlert,
  "over-budget": Coins,
  "nobody-responsible": UserX,
  refused: TriangleAlert,
};

const kIcons = {
  add: Plus, ask: MessageCircleQuestionMark, back: ChevronLeft, calendar: CalendarDays, check: Check, close: X, down: ArrowDown,
  done: CircleCheck, edit: Pencil, next: ChevronRight, search: Search, up: ArrowUp, warn: TriangleAlert,
};

export function Icon({ name, of, size = 17 }: { name?: keyof typeof kIcons; of?: typeof Check; size?: number }) {
  const Picture = of ?? kIcons[name!];
  return <Picture class="icon" size={size} strokeWidth={1.9} aria-hidden="true" />;
}
