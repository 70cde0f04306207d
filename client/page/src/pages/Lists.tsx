// Pages that are a list of one kind: meetings, reviews, consultation and notices, comments.
import { fieldLabel, formatDay, formatNumber, formatWindow, kindLabel, titleOf, titleOfId, valueLabel } from "../base/format";
import { newLink, recordLink } from "../base/route";
import { record as find, recordsOf, seat } from "../base/store";
import type { PlanRecord } from "../base/types";
import { language, t } from "../base/words";
import { AddLink, Chip, Empty, Loading, PageTitle, RecordLink, Section, textOf, TownMark } from "../parts/bits";
import { CommentItem } from "../parts/Comments";
import { RatingChip } from "./Overview";

function Excerpt({ one, field }: { one: PlanRecord; field: string }) {
  const found = textOf(one, field, language.value);
  return found ? (
    <p class="excerpt" lang={found.lang}>
      {found.text.slice(0, 280)}
    </p>
  ) : null;
}

// --- Meetings --------------------------------------------------------------------------------------

function dayOfMeeting(one: PlanRecord): string {
  return (one.fields.when?.date as string | undefined) ?? (one.fields.date as string | undefined) ?? "";
}

function Meeting({ one }: { one: PlanRecord }) {
  const day = dayOfMeeting(one);
  return (
    <li class="card">
      <h3>
        <a href={recordLink(one.id)}>{titleOf(one)}</a>
      </h3>
      <p class="note">
        {[day && formatDay(day), one.fields.when?.time, one.fields.place].filter(Boolean).join(" · ")}
      </p>
      <Excerpt one={one} field="agenda" />
      {one.fields.minutes ? <Chip tone="good">{t("has_minutes")}</Chip> : <Chip>{t("no_minutes")}</Chip>}
    </li>
  );
}

export function MeetingsPage() {
  const list = recordsOf("meeting");
  const series = recordsOf("series") ?? [];
  if (!list) return <Loading />;
  const today = seat.value!.today;
  const sorted = [...list].sort((a, b) => dayOfMeeting(a).localeCompare(dayOfMeeting(b)));
  const next = sorted.filter((one) => dayOfMeeting(one) >= today || dayOfMeeting(one) === "");
  const past = sorted.filter((one) => dayOfMeeting(one) < today && dayOfMeeting(one) !== "").reverse();
  return (
    <>
      <PageTitle title={t("page.meetings")} lead={t("meetings_lead")}>
        <AddLink kind="meeting" label={t("add.meeting")} />
      </PageTitle>
      {list.length === 0 && <Empty text={t("empty.meeting")} />}
      {next.length > 0 && (
        <Section title={t("next_meetings")}>
          <ul class="cards">{next.map((one) => <Meeting key={one.id} one={one} />)}</ul>
        </Section>
      )}
      {past.length > 0 && (
        <Section title={t("past_meetings")}>
          <ul class="cards">{past.map((one) => <Meeting key={one.id} one={one} />)}</ul>
        </Section>
      )}
      <Section title={t("series")} actions={<AddLink kind="series" label={t("add.series")} />}>
        {series.length === 0 ? <p class="note">{t("empty.series")}</p> : (
          <ul class="cards">
            {series.map((one) => (
              <li class="card" key={one.id}>
                <a href={recordLink(one.id)}>{titleOf(one)}</a>
                <p class="note">
                  {[
                    one.fields.every_months && t("every_months", { count: one.fields.every_months }),
                    one.fields.window && formatWindow(one.fields.window),
                  ].filter(Boolean).join(" · ")}
                </p>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}

// --- Reviews ---------------------------------------------------------------------------------------

export function ReviewsPage() {
  const list = recordsOf("review");
  const outcomes = recordsOf("outcome") ?? [];
  if (!list) return <Loading />;
  const reviewed = new Set(list.map((one) => one.fields.about));
  const waiting = outcomes.filter((one) => !reviewed.has(one.id));
  return (
    <>
      <PageTitle title={t("page.reviews")} lead={t("reviews_lead")}>
        <AddLink kind="review" label={t("add.review")} />
      </PageTitle>
      {list.length === 0 ? <Empty text={t("empty.review")} /> : (
        <ul class="cards">
          {list.map((one) => (
            <li class="card" key={one.id}>
              <h2>
                <a href={recordLink(one.id)}>{titleOf(one)}</a>
              </h2>
              <p class="chips">
                {one.fields.rating && <RatingChip rating={one.fields.rating} />}
                {one.fields.decision && <Chip>{valueLabel(one.fields.decision)}</Chip>}
                {one.agreement?.agreed && <Chip tone="good">{t("agreed")}</Chip>}
                <TownMark id={one.owner} />
              </p>
              {one.fields.period && <p class="note">{formatWindow(one.fields.period)}</p>}
              <Excerpt one={one} field="narrative" />
            </li>
          ))}
        </ul>
      )}
      {waiting.length > 0 && (
        <Section title={t("not_reviewed")}>
          <ul class="dates">
            {waiting.map((one) => (
              <li key={one.id}>
                <RecordLink one={one} />
                <a href={newLink("review", { about: one.id })} >
                  {t("add.review")}
                  <span class="hidden"> ({titleOf(one)})</span>
                </a>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

// --- Consultation ----------------------------------------------------------------------------------

export function ConsultationPage() {
  const list = recordsOf("consultation");
  const notices = recordsOf("notice") ?? [];
  if (!list) return <Loading />;
  return (
    <>
      <PageTitle title={t("page.consultation")} lead={t("consultation_lead")}>
        <AddLink kind="consultation" label={t("add.consultation")} />
        <AddLink kind="notice" label={t("add.notice")} />
      </PageTitle>
      <Section title={t("consultations")}>
        {list.length === 0 ? <Empty text={t("empty.consultation")} /> : (
          <ul class="cards">
            {list.map((one) => (
              <li class="card" key={one.id}>
                <h3>
                  <a href={recordLink(one.id)}>{titleOf(one)}</a>
                </h3>
                <p class="note">
                  {[one.fields.audience, formatWindow({ from: one.fields.opens, to: one.fields.closes })].filter(Boolean).join(" · ")}
                </p>
                <p>{t("replies", { count: Number(one.fields.replies ?? 0), number: formatNumber(Number(one.fields.replies ?? 0)) })}</p>
                <Excerpt one={one} field="summary" />
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t("notices")}>
        {notices.length === 0 ? <Empty text={t("empty.notice")} /> : (
          <ul class="cards">
            {notices.map((one) => (
              <li class="card" key={one.id}>
                <h3>
                  <a href={recordLink(one.id)}>{titleOf(one)}</a>
                </h3>
                <p class="note">
                  <TownMark id={one.owner} /> {one.fields.published ? `${fieldLabel("notice", "published")} ${formatDay(one.fields.published)}` : t("not_published")}
                </p>
                <Excerpt one={one} field="body" />
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}

// --- Comments --------------------------------------------------------------------------------------

export function CommentsPage() {
  const list = recordsOf("comment");
  if (!list) return <Loading />;
  const about = [...new Set(list.map((one) => one.fields.about as string))];
  const open = (id: string) => list.filter((one) => one.fields.about === id && one.fields.resolved !== true).length;
  about.sort((a, b) => open(b) - open(a));
  return (
    <>
      <PageTitle title={t("page.comments")} lead={t("comments_lead")} />
      {list.length === 0 ? <Empty text={t("empty.comment")}><a class="button" href="#/timetable">{t("page.timetable")}</a></Empty> : about.map((id) => {
        const one = find(id);
        return (
          <section class="card" aria-label={titleOfId(id)} key={id}>
            <h2>
              <RecordLink id={id} /> <span class="note">{one && kindLabel(one.kind)}</span>
            </h2>
            <ul class="plain">
              {list
                .filter((comment) => comment.fields.about === id)
                .sort((a, b) => a.created.localeCompare(b.created))
                .map((comment) => (
                  <CommentItem key={comment.id} one={comment} />
                ))}
            </ul>
            {one && <a href={recordLink(id)}>{t("answer")}</a>}
          </section>
        );
      })}
    </>
  );
}

