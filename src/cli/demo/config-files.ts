import type { Stack } from "./stacks.ts";

/** What the text of a configuration file depends on. */
export interface Facts {
  readonly project: string;
  readonly stack: Stack;
  readonly version: number;
  readonly port: number;
  readonly memory: number;
}

export interface ConfigFile {
  readonly name: string;
  readonly type: string;
  readonly content: string;
}

/** The files that the pipeline writes for a project, in several formats. */
export function configFiles(facts: Facts): readonly ConfigFile[] {
  return [
    { name: "Dockerfile", type: "dockerfile", content: dockerfile(facts) },
    { name: "compose.yaml", type: "yaml", content: compose(facts) },
    { name: ".github/workflows/ci.yaml", type: "yaml", content: workflow(facts) },
    { name: "deploy.toml", type: "toml", content: deployment(facts) },
    { name: "monitoring.json", type: "json", content: monitoring(facts) },
    { name: "nginx.conf", type: "nginx", content: nginx(facts) },
    { name: ".env.example", type: "env", content: environment(facts) },
    { name: "scripts/healthcheck.sh", type: "shell", content: healthcheck(facts) },
  ];
}

const dockerfile = ({ stack, port }: Facts) => `# syntax=docker/dockerfile:1
FROM ${stack.image}
WORKDIR /app
COPY ${stack.manifest} ${stack.lockFile} ./
RUN ${stack.install}
COPY . .
${stack.build === null ? "" : `RUN ${stack.build}\n`}EXPOSE ${port}
CMD ${JSON.stringify(stack.start)}
`;

const compose = ({ project, port, memory }: Facts) => `services:
  ${project}:
    build: .
    ports: ["${port}:${port}"]
    env_file: .env
    mem_limit: ${memory}m
    depends_on: [database]
  database:
    image: postgres:17
    volumes: ["data:/var/lib/postgresql/data"]
volumes:
  data: {}
`;

const workflow = ({ stack }: Facts) => `name: ci
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    container: ${stack.image}
    steps:
      - uses: actions/checkout@v4
      - run: ${stack.install}
      - run: ${stack.test}
`;

const deployment = ({ project, port, memory, version }: Facts) => `app = "${project}"
# written by the pipeline, version ${version}

[http]
internal_port = ${port}
force_https = true

[vm]
memory_mb = ${memory}
cpus = ${memory > 512 ? 2 : 1}
`;

const monitoring = ({ project, version }: Facts) =>
  `${JSON.stringify(
    {
      service: project,
      version,
      alerts: [
        { name: "5xx rate", threshold: 0.01, window: "5m" },
        { name: "p95 latency", threshold: "800ms", window: "10m" },
      ],
      owner: null,
    },
    null,
    2,
  )}\n`;

const nginx = ({ project, port }: Facts) => `server {
  listen 80;
  server_name ${project}.example.com;
  location / {
    proxy_pass http://127.0.0.1:${port};
    proxy_set_header Host $host;
  }
}
`;

const environment = ({ project, port }: Facts) => `PORT=${port}
DATABASE_URL=postgres://app@localhost/${project.replaceAll("-", "_")}
LOG_LEVEL=info
# München, Zürich, Kraków: texts are UTF-8 throughout
TZ=Europe/Berlin
`;

const healthcheck = ({ port }: Facts) => `#!/bin/sh
set -eu
wget -qO- "http://127.0.0.1:${port}/health" | grep -q '"ok":true'
`;
