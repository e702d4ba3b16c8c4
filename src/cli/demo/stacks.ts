/** What a project is written in; log lines and configuration files are made of it. */
export interface Stack {
  readonly language: string;
  readonly image: string;
  readonly manifest: string;
  readonly lockFile: string;
  readonly install: string;
  /** Null where nothing is compiled. */
  readonly build: string | null;
  readonly test: string;
  readonly start: readonly string[];
  /** Where its files lie and how their names end. */
  readonly folder: string;
  readonly ending: string;
}

export const STACKS: readonly Stack[] = [
  {
    language: "TypeScript",
    image: "node:24-slim",
    manifest: "package.json",
    lockFile: "package-lock.json",
    install: "npm ci",
    build: "npm run build",
    test: "npm test",
    start: ["node", "dist/server.js"],
    folder: "src",
    ending: "ts",
  },
  {
    language: "Python",
    image: "python:3.13-slim",
    manifest: "pyproject.toml",
    lockFile: "uv.lock",
    install: "uv sync --frozen",
    build: null,
    test: "uv run pytest -q",
    start: ["uv", "run", "python", "-m", "app"],
    folder: "app",
    ending: "py",
  },
  {
    language: "Go",
    image: "golang:1.25",
    manifest: "go.mod",
    lockFile: "go.sum",
    install: "go mod download",
    build: "go build -o /app/server ./cmd/server",
    test: "go test ./...",
    start: ["/app/server"],
    folder: "internal",
    ending: "go",
  },
  {
    language: "Rust",
    image: "rust:1.90-slim",
    manifest: "Cargo.toml",
    lockFile: "Cargo.lock",
    install: "cargo fetch --locked",
    build: "cargo install --locked --path . --root /app",
    test: "cargo test --locked",
    start: ["/app/bin/server"],
    folder: "src",
    ending: "rs",
  },
  {
    language: "Ruby",
    image: "ruby:3.4-slim",
    manifest: "Gemfile",
    lockFile: "Gemfile.lock",
    install: "bundle install",
    build: null,
    test: "bundle exec rspec",
    start: ["bundle", "exec", "puma"],
    folder: "lib",
    ending: "rb",
  },
];

/** Forty projects; the ids that their users chose. */
export const PROJECTS: readonly string[] = [
  ...[
    "checkout-api",
    "billing-worker",
    "image-resizer",
    "search-indexer",
    "mobile-gateway",
    "invoice-mailer",
  ],
  ...["stock-sync", "login-service", "price-history", "review-board", "route-planner", "seat-map"],
  ...["ticket-printer", "weather-feed", "tide-tables", "recipe-box", "reading-list", "photo-wall"],
  ...["parcel-tracker", "warehouse-scanner", "label-maker", "shift-calendar", "time-clock", "expense-report"],
  ...["chat-relay", "push-sender", "feature-flags", "audit-viewer", "backup-runner", "status-page"],
  ...["link-shortener", "feed-reader", "map-tiles", "geo-lookup", "pdf-render", "video-thumbs"],
  ...["quiz-night", "club-ranking", "garden-sensors", "energy-meter"],
];

const FOLDERS = ["api", "billing", "jobs", "shared", "storage"];
const FILES = [
  ...[
    "server",
    "router",
    "config",
    "session",
    "orders",
    "refunds",
    "customers",
    "catalog",
    "mailer",
    "queue",
  ],
  ...["worker", "cache", "metrics", "health", "retry", "webhooks", "tokens", "uploads", "search", "errors"],
];

/** Files that could lie in any project, without the topmost folder and the ending. */
export const SOURCES: readonly string[] = FOLDERS.flatMap((folder) =>
  FILES.map((file) => `${folder}/${file}`),
);
