// Opens the page: takes the token, loads what every page needs, and shows the page that the address
// names.
import { computed } from "@preact/signals";
import { render } from "preact";
import { followColours } from "./base/colours";
import { place } from "./base/route";
import "./base/settings";
import { record, seat, start } from "./base/store";
import { language, t } from "./base/words";
import { pageOfKind } from "./parts/Crumbs";
import { kPages, Layout } from "./parts/Layout";
import { AccessibilityPage } from "./pages/Accessibility";
import { CharterPage } from "./pages/Charter";
import { ConflictsPage } from "./pages/Conflicts";
import { HistoryPage } from "./pages/History";
import { CommentsPage } from "./pages/Comments";
import { ConsultationPage } from "./pages/Consultation";
import { MeetingsPage } from "./pages/Meetings";
import { ReviewsPage } from "./pages/Reviews";
import { MoneyPage } from "./pages/Money";
import { NewPage } from "./pages/New";
import { OverviewPage } from "./pages/Overview";
import { PlanPage } from "./pages/Plan";
import { RecordPage } from "./pages/Record";
import { ResourcesPage } from "./pages/Resources";
import { ResponsibilitiesPage } from "./pages/Responsibilities";
import { SettingsPage } from "./pages/Settings";
import { TimetablePage } from "./pages/Timetable";
import "./style/all.css";

const kComponents: Record<string, () => preact.JSX.Element> = {
  overview: OverviewPage,
  plan: PlanPage,
  timetable: TimetablePage,
  conflicts: ConflictsPage,
  charter: CharterPage,
  history: HistoryPage,
  responsibilities: ResponsibilitiesPage,
  resources: ResourcesPage,
  money: MoneyPage,
  meetings: MeetingsPage,
  reviews: ReviewsPage,
  consultation: ConsultationPage,
  comments: CommentsPage,
  settings: SettingsPage,
  accessibility: AccessibilityPage,
};

function Page() {
  const [first = "overview", second = ""] = place.value.path;
  if (first === "record") return <RecordPage key={second} id={second} />;
  if (first === "new") return <NewPage key={location.hash} name={second} />;
  const Component = kComponents[first] ?? OverviewPage;
  return <Component key={first} />;
}

// Where a person is in the navigation; the frame need not be made anew whenever a record changes.
const current = computed(() => {
  const [first = "overview", second = ""] = place.value.path;
  const kind = first === "record" ? record(second)?.kind : first === "new" ? second : undefined;
  return kPages.includes(first) ? first : (pageOfKind(kind) ?? "");
});

function App() {
  document.documentElement.lang = language.value;
  return (
    <Layout current={current.value}>
      <div key={seat.value?.id}>
        <Page />
      </div>
    </Layout>
  );
}

function Locked() {
  return (
    <main class="locked">
      <h1>{t("locked_title")}</h1>
      <p>{t("locked")}</p>
      <p>
        <code>twinning app</code>
      </p>
    </main>
  );
}

const root = document.getElementById("app")!;
start().then(
  () => {
    followColours();
    render(<App />, root);
  },
  () => render(<Locked />, root),
);
