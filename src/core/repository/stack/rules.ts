/**
 * Technologies known to us beyond the generated table, one per line:
 * `name | category | ecosystem: dependency names … ; …| file patterns`.
 * A dependency ending in `*` is a prefix up to a `/`, `:`, `.` or `-`. A file pattern without `/` is a file name in any
 * folder, with `/` a path from the top (`/name` for one at the top); `*` stands for anything within one part of a path. A row with the name of a
 * generated one adds to it and sets its category. `!` after the category: a development dependency counts too, because
 * it is compiled away.
 */
export const ownRules = `
Node.js|language-runtime|docker: node node-* cimg/node circleci/node bitnami/node|.nvmrc .node-version
Bun|language-runtime|docker: oven/bun; actions: oven-sh/setup-bun|bunfig.toml
Deno|language-runtime|docker: denoland/deno; actions: denoland/setup-deno|deno.json deno.jsonc
Python|language-runtime|docker: python pypy cimg/python|.python-version
Go|language-runtime|docker: golang|.go-version
Rust|language-runtime|docker: rust|rust-toolchain rust-toolchain.toml
Java|language-runtime|docker: openjdk eclipse-temurin amazoncorretto azul/zulu-openjdk ibm-semeru-runtimes|.java-version .sdkmanrc
Kotlin|language-runtime|maven: org.jetbrains.kotlin:*; gradle: org.jetbrains.kotlin:* org.jetbrains.kotlin.*|
Scala|language-runtime|maven: org.scala-lang:*; gradle: org.scala-lang:*|build.sbt
Ruby|language-runtime|docker: ruby jruby|.ruby-version
PHP|language-runtime|docker: php|.php-version
.NET|language-runtime|docker: mcr.microsoft.com/dotnet/*|global.json
Elixir|language-runtime|docker: elixir hexpm/elixir|
Erlang|language-runtime|docker: erlang hexpm/erlang|rebar.config
Swift|language-runtime|docker: swift|.swift-version
Dart|language-runtime|docker: dart|
Perl|language-runtime||cpanfile
Haskell|language-runtime|docker: haskell|stack.yaml cabal.project
Zig|language-runtime||build.zig build.zig.zon
TypeScript|build!|npm: typescript|
npm|package-manager||package-lock.json npm-shrinkwrap.json
Yarn|package-manager||yarn.lock .yarnrc.yml
pnpm|package-manager||pnpm-lock.yaml pnpm-workspace.yaml
Poetry|package-manager||poetry.lock poetry.toml
uv|package-manager|actions: astral-sh/setup-uv|uv.lock
PDM|package-manager||pdm.lock
Pipenv|package-manager||Pipfile Pipfile.lock
Conda|package-manager|docker: continuumio/miniconda3|environment.yml environment.yaml
Cargo|package-manager||Cargo.toml
Go modules|package-manager||go.mod
Composer|package-manager|docker: composer|composer.json
Bundler|package-manager||Gemfile gems.rb
NuGet|package-manager||packages.config nuget.config NuGet.Config Directory.Packages.props
Mix|package-manager||mix.exs
pub|package-manager||pubspec.yaml
Swift Package Manager|package-manager||Package.swift
CocoaPods|package-manager||Podfile
Carthage|package-manager||Cartfile
Conan|package-manager||conanfile.txt conanfile.py
vcpkg|package-manager||vcpkg.json
Nix|package-manager||flake.nix shell.nix default.nix
Maven|build||pom.xml
Gradle|build||build.gradle build.gradle.kts settings.gradle settings.gradle.kts
sbt|build||build.sbt
MSBuild|build||Directory.Build.props Directory.Build.targets *.csproj *.fsproj *.vbproj
Make|build||Makefile GNUmakefile makefile
CMake|build||CMakeLists.txt CMakePresets.json
Meson|build||meson.build
Bazel|build||WORKSPACE.bazel MODULE.bazel BUILD.bazel .bazelrc
Autotools|build||configure.ac configure.in Makefile.am
SCons|build||SConstruct
Ninja|build||build.ninja
just|build||justfile Justfile .justfile
Task|build||Taskfile.yml Taskfile.yaml
Rake|build|bundler: rake|Rakefile
Webpack|build|npm: webpack|webpack.config.js webpack.config.ts webpack.config.cjs webpack.config.mjs
Vite|build!|npm: vite rolldown-vite|vite.config.js vite.config.ts vite.config.mjs vite.config.mts
Rollup|build|npm: rollup|rollup.config.js rollup.config.ts rollup.config.mjs
Rolldown|build|npm: rolldown|
esbuild|build|npm: esbuild; go: github.com/evanw/esbuild|
tsdown|build|npm: tsdown|
tsup|build|npm: tsup|tsup.config.ts
SWC|build|npm: @swc/core|.swcrc
Babel|build|npm: @babel/core babel-core|babel.config.js babel.config.json .babelrc .babelrc.js babel.config.cjs
Gulp|build|npm: gulp|gulpfile.js gulpfile.ts
Grunt|build|npm: grunt|Gruntfile.js
Lerna|build|npm: lerna|lerna.json
Changesets|build|npm: @changesets/cli|
nodemon|build|npm: nodemon|nodemon.json
setuptools|build|pypi: setuptools|
Hatch|build|pypi: hatchling hatch|
Flit|build|pypi: flit-core|
scikit-build|build|pypi: scikit-build scikit-build-core|
maturin|build|pypi: maturin|
Cython|build|pypi: cython|
PyInstaller|build|pypi: pyinstaller|
GoReleaser|build|actions: goreleaser/goreleaser-action|.goreleaser.yml .goreleaser.yaml
Protocol Buffers|library|go: google.golang.org/protobuf github.com/golang/protobuf; npm: protobufjs @bufbuild/protobuf; pypi: protobuf; maven: com.google.protobuf:*; gradle: com.google.protobuf:* com.google.protobuf; cargo: prost; nuget: Google.Protobuf; conan: protobuf; vcpkg: protobuf|buf.yaml buf.gen.yaml
gRPC|library|go: google.golang.org/grpc; npm: @grpc/grpc-js; pypi: grpcio; maven: io.grpc:*; gradle: io.grpc:*; cargo: tonic; nuget: Grpc.*; conan: grpc; vcpkg: grpc|
GraphQL|library|npm: graphql @apollo/server apollo-server @apollo/client; pypi: graphene strawberry-graphql; bundler: graphql; go: github.com/99designs/gqlgen; mix: absinthe; cargo: async-graphql juniper|
Express|framework|npm: express|
Koa|framework|npm: koa|
Hono|framework|npm: hono|
NestJS|framework|npm: @nestjs/core|nest-cli.json
React|framework|npm: react|
React Native|framework|npm: react-native|
Preact|framework|npm: preact|
Vue.js|framework|npm: vue|
Svelte|framework!|npm: svelte|svelte.config.js
SvelteKit|framework!|npm: @sveltejs/kit|
Astro|framework!|npm: astro|astro.config.mjs astro.config.ts
Next.js|framework|npm: next|next.config.js next.config.mjs next.config.ts
Nuxt|framework!|npm: nuxt|nuxt.config.ts nuxt.config.js
Tailwind CSS|library!|npm: tailwindcss|tailwind.config.js tailwind.config.ts
styled-components|library|npm: styled-components|
Emotion|library|npm: @emotion/react|
Redux|library|npm: redux @reduxjs/toolkit|
MobX|library|npm: mobx|
Zustand|library|npm: zustand|
React Router|library|npm: react-router-dom react-router|
TanStack Query|library|npm: @tanstack/react-query @tanstack/vue-query|
ProseMirror|library|npm: prosemirror-view prosemirror-state|
Yjs|library|npm: yjs|
Three.js|library|npm: three|
D3|library|npm: d3|
jQuery|library|npm: jquery|
Socket.IO|library|npm: socket.io socket.io-client|
Passport|library|npm: passport koa-passport|
Ajv|library|npm: ajv|
Pino|library|npm: pino|
Winston|library|npm: winston|
i18next|library|npm: i18next|
Bull|queue|npm: bull bullmq|
Sidekiq|queue|bundler: sidekiq|
Celery|queue|pypi: celery|
Oban|queue|mix: oban|
RQ|queue|pypi: rq|
Hangfire|queue|nuget: Hangfire.*|
RabbitMQ|queue|docker: rabbitmq; npm: amqplib; pypi: pika aio-pika; go: github.com/rabbitmq/amqp091-go github.com/streadway/amqp; nuget: RabbitMQ.Client Aspire.RabbitMQ.* Aspire.Hosting.RabbitMQ MassTransit.RabbitMQ; maven: com.rabbitmq:* org.springframework.amqp:*; bundler: bunny; cargo: lapin; mix: amqp|
Apache Kafka|queue|docker: confluentinc/cp-kafka bitnami/kafka apache/kafka; npm: kafkajs; pypi: kafka-python confluent-kafka aiokafka; go: github.com/segmentio/kafka-go github.com/IBM/sarama github.com/confluentinc/confluent-kafka-go; maven: org.apache.kafka:* org.springframework.kafka:*; gradle: org.apache.kafka:* org.springframework.kafka:*; nuget: Confluent.Kafka; cargo: rdkafka; bundler: ruby-kafka karafka|
NATS|queue|docker: nats; go: github.com/nats-io/nats.go; npm: nats; cargo: async-nats|
PostgreSQL|database|docker: postgres postgis/postgis pgvector/pgvector; npm: pg pg-promise postgres; pypi: psycopg psycopg2 psycopg2-binary asyncpg pg8000; go: github.com/lib/pq github.com/jackc/pgx; maven: org.postgresql:*; gradle: org.postgresql:*; composer: ext-pgsql; bundler: pg; cargo: tokio-postgres postgres; nuget: Npgsql Npgsql.* Aspire.Npgsql Aspire.Npgsql.* Aspire.Hosting.PostgreSQL; mix: postgrex; swift: postgres-nio fluent-postgres-driver; pub: postgres|
MySQL|database|docker: mysql mysql/mysql-server; npm: mysql mysql2; pypi: mysqlclient pymysql mysql-connector-python aiomysql; go: github.com/go-sql-driver/mysql; maven: mysql:* com.mysql:*; gradle: mysql:* com.mysql:*; bundler: mysql2 trilogy; cargo: mysql mysql_async; nuget: MySql.Data Pomelo.EntityFrameworkCore.MySql MySqlConnector; mix: myxql|
MariaDB|database|docker: mariadb; npm: mariadb; maven: org.mariadb.jdbc:*; gradle: org.mariadb.jdbc:*|
SQLite|database|npm: sqlite3 better-sqlite3 sql.js; pypi: aiosqlite pysqlite3; go: github.com/mattn/go-sqlite3 modernc.org/sqlite; maven: org.xerial:sqlite-jdbc; gradle: org.xerial:sqlite-jdbc androidx.room:*; bundler: sqlite3; cargo: rusqlite; nuget: Microsoft.Data.Sqlite Microsoft.EntityFrameworkCore.Sqlite sqlite-net-pcl; mix: ecto_sqlite3 exqlite; pub: sqflite sqlite3 drift|
Redis|database|docker: redis redis/redis-stack redis/redis-stack-server bitnami/redis; npm: redis ioredis; pypi: redis aioredis django-redis; go: github.com/redis/go-redis github.com/go-redis/redis github.com/gomodule/redigo; maven: redis.clients:jedis io.lettuce:lettuce-core org.redisson:*; gradle: redis.clients:jedis io.lettuce:lettuce-core org.redisson:*; composer: predis/predis; bundler: redis redis-client; cargo: redis; nuget: StackExchange.Redis Aspire.StackExchange.Redis Aspire.StackExchange.Redis.* Aspire.Hosting.Redis; mix: redix|
Valkey|database|docker: valkey/valkey; npm: iovalkey @valkey/valkey-glide; pypi: valkey|
MongoDB|database|docker: mongo; npm: mongodb mongoose; pypi: pymongo motor mongoengine; go: go.mongodb.org/mongo-driver; maven: org.mongodb:*; gradle: org.mongodb:*; bundler: mongoid mongo; cargo: mongodb; nuget: MongoDB.Driver; composer: mongodb/mongodb; mix: mongodb_driver|
Elasticsearch|database|docker: elasticsearch docker.elastic.co/elasticsearch/elasticsearch; npm: @elastic/elasticsearch; pypi: elasticsearch; go: github.com/elastic/go-elasticsearch; maven: org.elasticsearch:* co.elastic.clients:*; gradle: org.elasticsearch:*; bundler: elasticsearch; nuget: NEST Elastic.Clients.Elasticsearch|
OpenSearch|database|docker: opensearchproject/opensearch; npm: @opensearch-project/opensearch; pypi: opensearch-py|
SQL Server|database|docker: mcr.microsoft.com/mssql/server; npm: mssql tedious; pypi: pymssql; maven: com.microsoft.sqlserver:*; nuget: Microsoft.Data.SqlClient System.Data.SqlClient Microsoft.EntityFrameworkCore.SqlServer; mix: tds|
H2|database|maven: com.h2database:*; gradle: com.h2database:*|
Memcached|database|docker: memcached; pypi: pymemcache python-memcached; npm: memcached memjs; bundler: dalli|
Cassandra|database|docker: cassandra; pypi: cassandra-driver; maven: com.datastax.oss:* org.apache.cassandra:*; npm: cassandra-driver|
ClickHouse|database|docker: clickhouse/clickhouse-server yandex/clickhouse-server; npm: @clickhouse/client; pypi: clickhouse-driver clickhouse-connect; go: github.com/ClickHouse/clickhouse-go|
DuckDB|database|npm: duckdb @duckdb/node-api; pypi: duckdb; cargo: duckdb|
Neo4j|database|docker: neo4j; npm: neo4j-driver; pypi: neo4j; maven: org.neo4j:* org.neo4j.driver:*|
InfluxDB|database|docker: influxdb; pypi: influxdb influxdb-client|
etcd|database|docker: quay.io/coreos/etcd bitnami/etcd; go: go.etcd.io/etcd go.etcd.io/etcd/*|
MinIO|service|docker: minio/minio; npm: minio; pypi: minio; go: github.com/minio/minio-go|
LocalStack|test|docker: localstack/localstack|
Mailpit|service|docker: axllent/mailpit mailhog/mailhog|
Keycloak|service|docker: quay.io/keycloak/keycloak jboss/keycloak|
nginx|service|docker: nginx nginxinc/nginx-unprivileged|nginx.conf
Caddy|service|docker: caddy|Caddyfile
Apache HTTP Server|service|docker: httpd|httpd.conf
HAProxy|service|docker: haproxy|haproxy.cfg
Docker|container||Dockerfile Containerfile Dockerfile.* *.dockerfile .dockerignore
Docker Compose|container||docker-compose.yml docker-compose.yaml compose.yml compose.yaml docker-compose.*.yml docker-compose.*.yaml compose.*.yaml compose.*.yml
Dev Containers|container||.devcontainer/devcontainer.json .devcontainer.json .devcontainer/*/devcontainer.json
Podman|container||podman-compose.yml
Testcontainers|test|npm: testcontainers; pypi: testcontainers; maven: org.testcontainers:*; gradle: org.testcontainers:*; go: github.com/testcontainers/testcontainers-go; nuget: Testcontainers Testcontainers.*; cargo: testcontainers|
Helm|orchestration||Chart.yaml helmfile.yaml
Kubernetes|orchestration||
Kustomize|orchestration||kustomization.yaml kustomization.yml
Skaffold|orchestration||skaffold.yaml
Tilt|orchestration||Tiltfile
Nomad|orchestration||*.nomad *.nomad.hcl
Argo CD|orchestration||argocd-cm.yaml
Terraform|infrastructure|actions: hashicorp/setup-terraform|.terraform.lock.hcl *.tf
Terragrunt|infrastructure||terragrunt.hcl
Pulumi|infrastructure|npm: @pulumi/pulumi; pypi: pulumi; go: github.com/pulumi/pulumi/sdk|Pulumi.yaml
Ansible|infrastructure|pypi: ansible ansible-core|ansible.cfg galaxy.yml
AWS CDK|infrastructure|npm: aws-cdk-lib aws-cdk; pypi: aws-cdk-lib|cdk.json
AWS SAM|infrastructure||samconfig.toml
Serverless Framework|infrastructure|npm: serverless|serverless.yml serverless.yaml serverless.ts
Vagrant|infrastructure||Vagrantfile
Packer|infrastructure||*.pkr.hcl
AWS|cloud|npm: aws-sdk @aws-sdk/*; pypi: boto3 aioboto3; go: github.com/aws/aws-sdk-go github.com/aws/aws-sdk-go-v2; maven: software.amazon.awssdk:* com.amazonaws:*; gradle: software.amazon.awssdk:* com.amazonaws:*; bundler: aws-sdk aws-sdk-*; nuget: AWSSDK.*; cargo: aws-config aws-sdk-*; composer: aws/aws-sdk-php; mix: ex_aws|
Google Cloud|cloud|npm: @google-cloud/*; pypi: google-cloud-*; go: cloud.google.com/go cloud.google.com/go/*; maven: com.google.cloud:*; nuget: Google.Cloud.*|app.yaml cloudbuild.yaml
Azure|cloud|npm: @azure/*; pypi: azure-identity azure-storage-blob; nuget: Azure.* Aspire.Azure.* Aspire.Hosting.Azure.*; maven: com.azure:*; go: github.com/Azure/azure-sdk-for-go/sdk/*|azure.yaml
Sequelize|orm|npm: sequelize sequelize-typescript|.sequelizerc
Heroku|cloud||/Procfile heroku.yml
Fly.io|cloud||fly.toml
Netlify|cloud||netlify.toml
Vercel|cloud||vercel.json
Render|cloud||render.yaml
Cloudflare Workers|cloud|npm: wrangler|wrangler.toml wrangler.json wrangler.jsonc
GitHub Actions|ci||.github/workflows/*.yml .github/workflows/*.yaml
GitLab CI|ci||.gitlab-ci.yml
Jenkins|ci||Jenkinsfile
Travis CI|ci||.travis.yml
CircleCI|ci||.circleci/config.yml
Azure Pipelines|ci||azure-pipelines.yml azure-pipelines.yaml
AppVeyor|ci||appveyor.yml .appveyor.yml
Cirrus CI|ci||.cirrus.yml
Bitbucket Pipelines|ci||bitbucket-pipelines.yml
Buildkite|ci||.buildkite/pipeline.yml
Woodpecker CI|ci||.woodpecker.yml .woodpecker/*.yml .woodpecker/*.yaml
Drone|ci||.drone.yml
TeamCity|ci||.teamcity/settings.kts
Dependabot|ci||.github/dependabot.yml .github/dependabot.yaml
Renovate|ci||renovate.json renovate.json5 .renovaterc .renovaterc.json .github/renovate.json .github/renovate.json5
Codecov|ci|actions: codecov/codecov-action|codecov.yml .codecov.yml
CodeQL|security|actions: github/codeql-action/init github/codeql-action/analyze|
OpenSSF Scorecard|security|actions: ossf/scorecard-action|
OSS-Fuzz|test|actions: google/oss-fuzz/infra/cifuzz/actions/build_fuzzers|
Trivy|security|actions: aquasecurity/trivy-action|trivy.yaml
zizmor|security|actions: zizmorcore/zizmor-action|zizmor.yml
pre-commit|lint|pypi: pre-commit|.pre-commit-config.yaml
Husky|lint|npm: husky|
lint-staged|lint|npm: lint-staged|
ESLint|lint|npm: eslint neostandard standard xo|.eslintrc .eslintrc.cjs .eslintrc.json .eslintrc.js .eslintrc.yml eslint.config.js eslint.config.mjs eslint.config.cjs eslint.config.ts
Prettier|lint|npm: prettier|.prettierrc .prettierrc.json .prettierrc.js .prettierrc.yml .prettierrc.yaml prettier.config.js
Oxlint|lint|npm: oxlint|.oxlintrc.json
Biome|lint|npm: @biomejs/biome|biome.json biome.jsonc
Stylelint|lint|npm: stylelint|.stylelintrc .stylelintrc.json
markdownlint|lint|npm: markdownlint-cli markdownlint-cli2; actions: DavidAnson/markdownlint-cli2-action|.markdownlint.json .markdownlint.yml .markdownlint.yaml .markdownlint-cli2.yaml .markdownlint-cli2.jsonc
Ruff|lint|pypi: ruff; actions: astral-sh/ruff-action|ruff.toml .ruff.toml
Flake8|lint|pypi: flake8|.flake8
Black|lint|pypi: black|
isort|lint|pypi: isort|.isort.cfg
Pylint|lint|pypi: pylint|.pylintrc
mypy|lint|pypi: mypy|mypy.ini .mypy.ini
Pyright|lint|pypi: pyright basedpyright; npm: pyright|pyrightconfig.json
codespell|lint|pypi: codespell; actions: codespell-project/actions-codespell|.codespellrc
golangci-lint|lint|actions: golangci/golangci-lint-action|.golangci.yml .golangci.yaml .golangci.toml
rustfmt|lint||rustfmt.toml .rustfmt.toml
Clippy|lint||clippy.toml .clippy.toml
cargo-deny|security||deny.toml
clang-format|lint||.clang-format
clang-tidy|lint||.clang-tidy
RuboCop|lint|bundler: rubocop|.rubocop.yml
StandardRB|lint|bundler: standard standardrb|.standard.yml
Brakeman|security|bundler: brakeman|
Credo|lint|mix: credo|.credo.exs
Dialyzer|lint|mix: dialyxir|
Checkstyle|lint|maven: org.apache.maven.plugins:maven-checkstyle-plugin|checkstyle.xml
Spotless|lint|maven: com.diffplug.spotless:*; gradle: com.diffplug.spotless|
Error Prone|lint|maven: com.google.errorprone:error_prone_core; gradle: com.google.errorprone:error_prone_core net.ltgt.errorprone|
ktlint|lint|gradle: org.jlleitschuh.gradle.ktlint|
detekt|lint|gradle: io.gitlab.arturbosch.detekt|detekt.yml
SwiftLint|lint||.swiftlint.yml
PHP CS Fixer|lint|composer: friendsofphp/php-cs-fixer|.php-cs-fixer.php .php-cs-fixer.dist.php
PHPStan|lint|composer: phpstan/phpstan|phpstan.neon phpstan.neon.dist
Psalm|lint|composer: vimeo/psalm|psalm.xml
Hadolint|lint||.hadolint.yaml
ShellCheck|lint|actions: ludeeus/action-shellcheck|.shellcheckrc
yamllint|lint|pypi: yamllint|.yamllint .yamllint.yml
Jest|test|npm: jest|jest.config.js jest.config.ts jest.config.mjs jest.config.cjs jest.config.json
Vitest|test|npm: vitest|vitest.config.ts vitest.config.js vitest.config.mts
Mocha|test|npm: mocha|.mocharc.yml .mocharc.json .mocharc.js .mocharc.cjs
Karma|test|npm: karma|karma.conf.js
AVA|test|npm: ava|
node-tap|test|npm: tap tape|
borp|test|npm: borp|
c8|test|npm: c8 nyc|.nycrc .c8rc.json
tsd|test|npm: tsd|
fast-check|test|npm: fast-check|
Cypress|test|npm: cypress|cypress.config.js cypress.config.ts
Playwright|test|npm: @playwright/test playwright; pypi: playwright pytest-playwright; nuget: Microsoft.Playwright; docker: mcr.microsoft.com/playwright|playwright.config.ts playwright.config.js
Testing Library|test|npm: @testing-library/react @testing-library/vue @testing-library/dom|
Storybook|test|npm: storybook @storybook/react|.storybook/main.js .storybook/main.ts
pytest|test|pypi: pytest|pytest.ini conftest.py
tox|test|pypi: tox|tox.ini
nox|test|pypi: nox|noxfile.py
Hypothesis|test|pypi: hypothesis|
coverage.py|test|pypi: coverage pytest-cov|.coveragerc
asv|test|pypi: asv|asv.conf.json asv.conf.actions.json
testify|test|go: github.com/stretchr/testify|
Ginkgo|test|go: github.com/onsi/ginkgo|
JUnit|test|maven: junit:junit org.junit.jupiter:* org.junit:*; gradle: junit:junit org.junit.jupiter:* org.junit:*|
TestNG|test|maven: org.testng:*; gradle: org.testng:*|
Mockito|test|maven: org.mockito:*; gradle: org.mockito:*|
AssertJ|test|maven: org.assertj:*; gradle: org.assertj:*|
Truth|test|maven: com.google.truth:*; gradle: com.google.truth:*|
JaCoCo|test|maven: org.jacoco:*|
Kotest|test|gradle: io.kotest:*|
JMH|test|maven: org.openjdk.jmh:*; gradle: org.openjdk.jmh:*|
RSpec|test|bundler: rspec rspec-rails rspec-core|.rspec
Minitest|test|bundler: minitest|
Cucumber|test|bundler: cucumber; npm: @cucumber/cucumber; maven: io.cucumber:*|cucumber.yml
Capybara|test|bundler: capybara|
SimpleCov|test|bundler: simplecov|.simplecov
PHPUnit|test|composer: phpunit/phpunit symfony/phpunit-bridge|phpunit.xml phpunit.xml.dist
Pest|test|composer: pestphp/pest|
xUnit.net|test|nuget: xunit xunit.* xunit.v3|
NUnit|test|nuget: NUnit NUnit.*|
MSTest|test|nuget: MSTest MSTest.*|
Moq|test|nuget: Moq|
BenchmarkDotNet|test|nuget: BenchmarkDotNet|
Criterion|test|cargo: criterion|
proptest|test|cargo: proptest quickcheck|
cargo-fuzz|test|cargo: libfuzzer-sys|
GoogleTest|test|conan: gtest; vcpkg: gtest|
Catch2|test|conan: catch2; vcpkg: catch2|
flutter_test|test|pub: flutter_test|
Dart test|test|pub: test|
Sphinx|documentation|pypi: sphinx|docs/conf.py doc/conf.py docs/source/conf.py doc/source/conf.py doc/src/conf.py
MkDocs|documentation|pypi: mkdocs mkdocs-material|mkdocs.yml mkdocs.yaml
Read the Docs|documentation||.readthedocs.yml .readthedocs.yaml
Doxygen|documentation||Doxyfile doxyfile
Jekyll|documentation|bundler: jekyll github-pages|
Hugo|documentation||hugo.toml
Docusaurus|documentation|npm: @docusaurus/core|docusaurus.config.js docusaurus.config.ts
VitePress|documentation|npm: vitepress|
mdBook|documentation||book.toml
YARD|documentation|bundler: yard|.yardopts
ExDoc|documentation|mix: ex_doc|
Javadoc|documentation|maven: org.apache.maven.plugins:maven-javadoc-plugin|
Dokka|documentation|gradle: org.jetbrains.dokka|
TypeDoc|documentation|npm: typedoc|typedoc.json
Django|framework|pypi: django|
Django REST framework|framework|pypi: djangorestframework|
Flask|framework|pypi: flask|
FastAPI|framework|pypi: fastapi|
Starlette|framework|pypi: starlette|
Wagtail|framework|pypi: wagtail|
Tornado|framework|pypi: tornado|
aiohttp|framework|pypi: aiohttp|
Sanic|framework|pypi: sanic|
Streamlit|framework|pypi: streamlit|
Gradio|framework|pypi: gradio|
Pydantic|library|pypi: pydantic|
SQLAlchemy|orm|pypi: sqlalchemy flask-sqlalchemy sqlmodel|
Alembic|orm|pypi: alembic|alembic.ini
NumPy|library|pypi: numpy|
SciPy|library|pypi: scipy|
pandas|library|pypi: pandas|
Matplotlib|library|pypi: matplotlib|
scikit-learn|ai|pypi: scikit-learn|
PyTorch|ai|pypi: torch|
TensorFlow|ai|pypi: tensorflow; npm: @tensorflow/tfjs|
Transformers|ai|pypi: transformers|
LangChain|ai|pypi: langchain; npm: langchain @langchain/core|
LlamaIndex|ai|pypi: llama-index llama-index-*; npm: llamaindex|
LiteLLM|ai|pypi: litellm|
Jupyter|library|pypi: jupyter jupyterlab notebook|
Click|library|pypi: click|
Typer|library|pypi: typer|
uWSGI|service|pypi: uwsgi|uwsgi.ini
Locust|test|pypi: locust|
Gunicorn|service|pypi: gunicorn|
Uvicorn|service|pypi: uvicorn|
Scrapy|framework|pypi: scrapy|
Gin|framework|go: github.com/gin-gonic/gin|
Echo|framework|go: github.com/labstack/echo|
Fiber|framework|go: github.com/gofiber/fiber|
chi|framework|go: github.com/go-chi/chi|
Gorilla Mux|framework|go: github.com/gorilla/mux|
Cobra|library|go: github.com/spf13/cobra|
Viper|library|go: github.com/spf13/viper|
GORM|orm|go: gorm.io/gorm|
zap|library|go: go.uber.org/zap|
quic-go|library|go: github.com/quic-go/quic-go|
Tokio|library|cargo: tokio|
axum|framework|cargo: axum|
Actix Web|framework|cargo: actix-web|
Rocket|framework|cargo: rocket|
warp|framework|cargo: warp|
hyper|library|cargo: hyper|
Tower|library|cargo: tower|
Serde|library|cargo: serde|
clap|library|cargo: clap|
reqwest|library|cargo: reqwest|
SQLx|orm|cargo: sqlx|
Diesel|orm|cargo: diesel|
SeaORM|orm|cargo: sea-orm|
Rayon|library|cargo: rayon|
tracing|monitoring|cargo: tracing|
Bevy|framework|cargo: bevy|
Leptos|framework|cargo: leptos|
wasm-bindgen|library|cargo: wasm-bindgen|
PCRE2|library|cargo: pcre2; conan: pcre2; vcpkg: pcre2|
Ruby on Rails|framework|bundler: rails railties|
Sinatra|framework|bundler: sinatra|
Hanami|framework|bundler: hanami|
Puma|service|bundler: puma|
Devise|library|bundler: devise|
Liquid|library|bundler: liquid|
kramdown|library|bundler: kramdown|
Sass|library|bundler: sassc sass jekyll-sass-converter; npm: sass node-sass|
Symfony|framework|composer: symfony/framework-bundle symfony/symfony|symfony.lock
Symfony Components|library|composer: symfony/*|
Laravel|framework|composer: laravel/framework|
Guzzle|library|composer: guzzlehttp/guzzle|
Monolog|library|composer: monolog/monolog|
Doctrine|orm|composer: doctrine/orm|
Twig|library|composer: twig/twig|
Composer Plugin API|library|composer: composer-plugin-api|
Spring Boot|framework|maven: org.springframework.boot:*; gradle: org.springframework.boot:* org.springframework.boot|
Spring Framework|framework|maven: org.springframework:*; gradle: org.springframework:*|
Spring Cloud|framework|maven: org.springframework.cloud:*; gradle: org.springframework.cloud:*|
Quarkus|framework|maven: io.quarkus:* io.quarkus.platform:*; gradle: io.quarkus:* io.quarkus|
Micronaut|framework|maven: io.micronaut:*; gradle: io.micronaut:* io.micronaut.application|
Vert.x|framework|maven: io.vertx:*; gradle: io.vertx:*|
Ktor|framework|maven: io.ktor:*; gradle: io.ktor:* io.ktor.plugin|
Dropwizard|framework|maven: io.dropwizard:*; gradle: io.dropwizard:*|
Jakarta EE|framework|maven: jakarta.platform:* javax:javaee-api|
Hibernate|orm|maven: org.hibernate:* org.hibernate.orm:* org.springframework.boot:spring-boot-starter-data-jpa; gradle: org.hibernate:* org.hibernate.orm:* org.springframework.boot:spring-boot-starter-data-jpa|
MyBatis|orm|maven: org.mybatis:* org.mybatis.spring.boot:*; gradle: org.mybatis:*|
Thymeleaf|library|maven: org.thymeleaf:* org.springframework.boot:spring-boot-starter-thymeleaf; gradle: org.thymeleaf:* org.springframework.boot:spring-boot-starter-thymeleaf|
Caffeine|library|maven: com.github.ben-manes.caffeine:*; gradle: com.github.ben-manes.caffeine:*|
Lombok|library|maven: org.projectlombok:*; gradle: org.projectlombok:* io.freefair.lombok|
Jackson|library|maven: com.fasterxml.jackson.core:* com.fasterxml.jackson.module:*; gradle: com.fasterxml.jackson.core:* com.fasterxml.jackson.module:*|
Gson|library|maven: com.google.code.gson:gson; gradle: com.google.code.gson:gson|
Guava|library|maven: com.google.guava:guava; gradle: com.google.guava:guava|
Netty|library|maven: io.netty:*; gradle: io.netty:*|
OkHttp|library|maven: com.squareup.okhttp3:*; gradle: com.squareup.okhttp3:*|
Okio|library|maven: com.squareup.okio:*; gradle: com.squareup.okio:*|
Retrofit|library|maven: com.squareup.retrofit2:*; gradle: com.squareup.retrofit2:*|
SLF4J|library|maven: org.slf4j:*; gradle: org.slf4j:*|
Logback|library|maven: ch.qos.logback:*; gradle: ch.qos.logback:*|
Log4j|library|maven: org.apache.logging.log4j:*; gradle: org.apache.logging.log4j:*|
Flyway|database|maven: org.flywaydb:*; gradle: org.flywaydb:* org.flywaydb.flyway|
Liquibase|database|maven: org.liquibase:*; gradle: org.liquibase:*|
GraalVM Native Image|build|maven: org.graalvm.buildtools:*; gradle: org.graalvm.buildtools.*; actions: graalvm/setup-graalvm|
ProGuard|build|maven: com.github.wvengen:proguard-maven-plugin|
WebJars|library|maven: org.webjars:* org.webjars.npm:*; gradle: org.webjars:* org.webjars.npm:*|
Android|framework|gradle: com.android.application com.android.library com.android.tools.build:gradle|AndroidManifest.xml
Jetpack Compose|framework|gradle: androidx.compose.*|
Kotlin Coroutines|library|gradle: org.jetbrains.kotlinx:kotlinx-coroutines-core; maven: org.jetbrains.kotlinx:kotlinx-coroutines-core|
ASP.NET Core|framework|nuget: Microsoft.NET.Sdk.Web Microsoft.AspNetCore.*|
Blazor|framework|nuget: Microsoft.NET.Sdk.BlazorWebAssembly Microsoft.NET.Sdk.Razor Microsoft.AspNetCore.Components.*|
.NET MAUI|framework|nuget: Microsoft.Maui.*|
.NET Aspire|orchestration|nuget: Aspire.Hosting Aspire.Hosting.* Aspire.AppHost.Sdk|
Entity Framework Core|orm|nuget: Microsoft.EntityFrameworkCore Microsoft.EntityFrameworkCore.*|
Dapper|orm|nuget: Dapper|
MediatR|library|nuget: MediatR|
AutoMapper|library|nuget: AutoMapper|
FluentValidation|library|nuget: FluentValidation FluentValidation.*|
Polly|library|nuget: Polly Polly.*|
Serilog|library|nuget: Serilog Serilog.*|
Json.NET|library|nuget: Newtonsoft.Json|
Duende IdentityServer|service|nuget: Duende.IdentityServer Duende.IdentityServer.*|
YARP|service|nuget: Yarp.ReverseProxy Aspire.Hosting.Yarp|
SignalR|library|nuget: Microsoft.AspNetCore.SignalR.*; npm: @microsoft/signalr|
Swashbuckle|library|nuget: Swashbuckle.AspNetCore|
SourceLink|build|nuget: Microsoft.SourceLink.*|
OpenTelemetry|monitoring|npm: @opentelemetry/api @opentelemetry/sdk-node; pypi: opentelemetry-api opentelemetry-sdk; go: go.opentelemetry.io/otel; nuget: OpenTelemetry OpenTelemetry.*; maven: io.opentelemetry:*; gradle: io.opentelemetry:*; cargo: opentelemetry; mix: opentelemetry|
Prometheus|monitoring|docker: prom/prometheus; go: github.com/prometheus/client_golang; npm: prom-client; pypi: prometheus-client; maven: io.prometheus:* io.micrometer:micrometer-registry-prometheus; cargo: prometheus; swift: swift-prometheus|prometheus.yml
Grafana|monitoring|docker: grafana/grafana|
Sentry|monitoring|npm: @sentry/node @sentry/react @sentry/browser @sentry/nextjs; pypi: sentry-sdk; go: github.com/getsentry/sentry-go; bundler: sentry-ruby sentry-rails; cargo: sentry; nuget: Sentry Sentry.*; maven: io.sentry:*; pub: sentry_flutter|
Datadog|monitoring|npm: dd-trace; pypi: ddtrace; go: gopkg.in/DataDog/dd-trace-go.v1; bundler: ddtrace datadog|
Phoenix|framework|mix: phoenix|
Phoenix LiveView|framework|mix: phoenix_live_view|
Ecto|orm|mix: ecto ecto_sql phoenix_ecto|
Plug|library|mix: plug|
Cowboy|service|mix: plug_cowboy cowboy|
Bandit|service|mix: bandit|
Jason|library|mix: jason|
Gettext|library|mix: gettext|
Telemetry|monitoring|mix: telemetry|
Flutter|framework|pub: flutter|
Riverpod|library|pub: flutter_riverpod riverpod|
Bloc|library|pub: flutter_bloc bloc|
Dio|library|pub: dio|
build_runner|build|pub: build_runner|
Vapor|framework|swift: vapor|
SwiftNIO|library|swift: swift-nio|
Fluent|orm|swift: fluent fluent-kit|
Alamofire|library|swift: Alamofire; cocoapods: Alamofire|
Boost|library|conan: boost; vcpkg: boost boost-*|
fmt|library|conan: fmt; vcpkg: fmt|
OpenSSL|library|conan: openssl; vcpkg: openssl; cargo: openssl|
Qt|framework|conan: qt; vcpkg: qtbase qt5; pypi: pyqt5 pyqt6 pyside6|
Electron|framework!|npm: electron|
Tauri|framework|cargo: tauri; npm: @tauri-apps/api|tauri.conf.json
Capacitor|framework|npm: @capacitor/core|capacitor.config.ts capacitor.config.json
OpenAPI|library||openapi.yaml openapi.yml openapi.json swagger.yaml swagger.json
`;
