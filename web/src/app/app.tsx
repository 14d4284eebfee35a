import { effect } from '@preact/signals';
import type { VNode } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { Facets } from '../facets/facets';
import { HistogramPanel } from '../histogram/histogram';
import { Pills } from '../search_bar/pills';
import { SearchBar } from '../search_bar/search_bar';
import { ask, followHistory } from '../state/ask';
import { explaining } from '../state/dialogs';
import { knowFields } from '../state/fields';
import { followLongUrls, isShortLink, openShortLink } from '../state/links';
import { cancelled, failure, followAsk, result } from '../state/results';
import { followServer } from '../state/server';
import { BehindBanner } from '../states/behind_banner';
import { Cancelled } from '../states/cancelled';
import { FailureBanner } from '../states/failure';
import { PartialBanner } from '../states/partial';
import { NoHits } from '../states/no_hits';
import { OfflineBanner } from '../states/offline';
import { Progress } from '../states/progress';
import '../states/states.css';
import { EventTable } from '../table/table';
import { TimePicker } from '../time_picker/time_picker';
import { later } from '../ui/later';
import '../ui/pages.css';
import { Toast, toast } from '../ui/toast';
import { visibleString } from '../ui/visible_text';
import './app.css';
import { Actions, Pages } from './menu';
import { OpenDialog } from './open_dialog';
import { followShortcuts } from './shortcuts';
import { followTheme } from './theme';

const Ingest = later(async () => (await import('../ingest/ingest')).Ingest);
const Integrity = later(async () => (await import('../integrity/integrity')).Integrity);
const About = later(async () => (await import('../about/about')).About);
const ResourceView = later(async () => (await import('../resource/resource_view')).ResourceView);
const SessionView = later(async () => (await import('../session/session_view')).SessionView);
const Saved = later(async () => (await import('../saved/saved')).Saved);
const ExplainPanel = later(async () => (await import('../explain/explain_panel')).ExplainPanel);

/** A short link is opened first, so that nothing else is asked meanwhile. */
async function start(stops: (() => void)[]): Promise<void> {
  if (isShortLink()) await openShortLink().catch(() => toast('This short link is not known any more'));
  stops.push(followLongUrls(), followAsk());
}

function followTitle(): () => void {
  return effect(() => {
    const { q, view } = ask.value;
    const name = view === 'search' ? visibleString(q.slice(0, 80)) : view;
    document.title = name ? `${name} · Trailsift` : 'Trailsift';
  });
}

export function App(): VNode {
  // At once: what is done before the first painting, such as going back, would else be lost.
  useLayoutEffect(() => {
    const stops = [followHistory(), followTheme(), followTitle(), followShortcuts(), followServer()];
    void knowFields();
    void start(stops);
    return () => stops.forEach(one => one());
  }, []);
  const { view } = ask.value;
  const isSearch = view === 'search';
  return (
    <>
      {isSearch && (
        <a class="skip-link" href="#events">
          Skip to events
        </a>
      )}
      <Progress />
      <header class="top">
        <a class="brand" href="/">
          Trailsift
        </a>
        <Pages />
        {isSearch && <SearchBar />}
        {(isSearch || view === 'integrity') && <TimePicker />}
        <Actions />
      </header>
      <OfflineBanner />
      <BehindBanner />
      <CurrentView />
      <OpenDialog />
      <Toast />
    </>
  );
}

function CurrentView(): VNode {
  switch (ask.value.view) {
    case 'ingest':
      return <Ingest />;
    case 'integrity':
      return <Integrity />;
    case 'about':
      return <About />;
    case 'saved':
      return <Saved />;
    case 'session':
      return <SessionView />;
    case 'resource':
      return <ResourceView />;
    default:
      return <SearchView />;
  }
}

function SearchView(): VNode {
  return (
    <>
      <Pills />
      <FailureBanner />
      <PartialBanner />
      {explaining.value && <ExplainPanel />}
      <main class="search-view">
        <h1 class="skip-link">Search</h1>
        <HistogramPanel />
        <div class="panes">
          <Facets />
          <section id="events" class="events" aria-label="Events" tabIndex={-1}>
            <Events />
          </section>
        </div>
      </main>
    </>
  );
}

function Events(): VNode | null {
  if (result.value) return result.value.total === 0 ? <NoHits /> : <EventTable />;
  if (cancelled.value) return <Cancelled />;
  return failure.value === undefined ? <EventTable /> : null;
}
