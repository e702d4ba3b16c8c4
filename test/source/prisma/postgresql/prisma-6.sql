-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "audit";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "public"."Role" AS ENUM ('OWNER', 'guest');

-- CreateEnum
CREATE TYPE "audit"."status enum" AS ENUM ('ACTIVE', 'gone-for-good');

-- CreateTable
CREATE TABLE "public"."people" (
    "id" SERIAL NOT NULL,
    "email" VARCHAR(200) NOT NULL,
    "role" "public"."Role" NOT NULL DEFAULT 'guest',
    "nicknames" TEXT[],
    "manager_id" INTEGER,

    CONSTRAINT "people_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "public"."Profile" (
    "person_id" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "public"."Node" (
    "tenant" INTEGER NOT NULL,
    "id" VARCHAR(40) NOT NULL,
    "parentTenant" INTEGER,
    "parentId" VARCHAR(40),
    "status" "audit"."status enum" NOT NULL DEFAULT 'ACTIVE',
    "skipped" INTEGER,

    CONSTRAINT "node pk" PRIMARY KEY ("tenant","id")
);

-- CreateTable
CREATE TABLE "audit"."the 'links'" (
    "a" INTEGER NOT NULL,
    "b" VARCHAR(40) NOT NULL,
    "extra" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "public"."accounts" (
    "account id" INTEGER NOT NULL,
    "email" VARCHAR(80) NOT NULL,
    "code" INTEGER NOT NULL,
    "kind" INTEGER NOT NULL,
    "deletedAt" TIMESTAMP(3),
    "spouseId" INTEGER,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("account id")
);

-- CreateTable
CREATE TABLE "public"."Post" (
    "id" BIGINT NOT NULL,
    "authorId" INTEGER,
    "code" INTEGER,
    "kind" INTEGER NOT NULL,
    "editorEmail" VARCHAR(80),

    CONSTRAINT "Post_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit"."topics table" (
    "topic_slug" VARCHAR(40) NOT NULL,

    CONSTRAINT "topics table_pkey" PRIMARY KEY ("topic_slug")
);

-- CreateTable
CREATE TABLE "public"."Secret" (
    "id" INTEGER NOT NULL,
    "accountId" INTEGER NOT NULL,

    CONSTRAINT "Secret_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "public"."Letter" (
    "id" BIGINT NOT NULL,
    "from" VARCHAR(200) NOT NULL,
    "to" VARCHAR(200),
    "copyTo" VARCHAR(200),
    "keeperId" INTEGER DEFAULT 1,

    CONSTRAINT "Letter_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "public"."Project" (
    "tenant" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "title" TEXT,

    CONSTRAINT "Project_pkey" PRIMARY KEY ("tenant","key")
);

-- CreateTable
CREATE TABLE "public"."Task" (
    "id" INTEGER NOT NULL,
    "tenant" INTEGER,
    "key" TEXT,
    "ownerId" INTEGER NOT NULL,

    CONSTRAINT "Task_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "public"."Part" (
    "id" INTEGER NOT NULL,
    "tenant" INTEGER NOT NULL,
    "key" TEXT,

    CONSTRAINT "Part_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit"."Team" (
    "id" INTEGER NOT NULL,

    CONSTRAINT "Team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "public"."shop members" (
    "personId" INTEGER NOT NULL,
    "teamId" INTEGER NOT NULL,

    CONSTRAINT "shop members_pkey" PRIMARY KEY ("personId","teamId")
);

-- CreateTable
CREATE TABLE "audit"."events" (
    "id" INTEGER NOT NULL,
    "personId" INTEGER,

    CONSTRAINT "events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "public"."_friendship" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_friendship_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateTable
CREATE TABLE "public"."_PersonToTeam" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_PersonToTeam_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateTable
CREATE TABLE "public"."_likes" (
    "A" INTEGER NOT NULL,
    "B" BIGINT NOT NULL,

    CONSTRAINT "_likes_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateTable
CREATE TABLE "public"."_follow" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_follow_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateTable
CREATE TABLE "public"."_PostToTopic" (
    "A" BIGINT NOT NULL,
    "B" VARCHAR(40) NOT NULL,

    CONSTRAINT "_PostToTopic_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE UNIQUE INDEX "people_email_key" ON "public"."people"("email");

-- CreateIndex
CREATE UNIQUE INDEX "Profile_person_id_key" ON "public"."Profile"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "extra once" ON "audit"."the 'links'"("extra" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "pair_key" ON "audit"."the 'links'"("a", "b");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_email_key" ON "public"."accounts"("email");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_spouseId_key" ON "public"."accounts"("spouseId");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_code_kind_key" ON "public"."accounts"("code", "kind");

-- CreateIndex
CREATE INDEX "Letter_from_to_idx" ON "public"."Letter"("from", "to" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "one_title" ON "public"."Project"("tenant", "title");

-- CreateIndex
CREATE UNIQUE INDEX "Project_key_key" ON "public"."Project"("key" DESC);

-- CreateIndex
CREATE INDEX "_friendship_B_index" ON "public"."_friendship"("B");

-- CreateIndex
CREATE INDEX "_PersonToTeam_B_index" ON "public"."_PersonToTeam"("B");

-- CreateIndex
CREATE INDEX "_likes_B_index" ON "public"."_likes"("B");

-- CreateIndex
CREATE INDEX "_follow_B_index" ON "public"."_follow"("B");

-- CreateIndex
CREATE INDEX "_PostToTopic_B_index" ON "public"."_PostToTopic"("B");

-- AddForeignKey
ALTER TABLE "public"."people" ADD CONSTRAINT "people_manager_id_fkey" FOREIGN KEY ("manager_id") REFERENCES "public"."people"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."Profile" ADD CONSTRAINT "Profile_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "public"."Node" ADD CONSTRAINT "tree_fk" FOREIGN KEY ("parentTenant", "parentId") REFERENCES "public"."Node"("tenant", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "audit"."the 'links'" ADD CONSTRAINT "the 'links'_a_b_fkey" FOREIGN KEY ("a", "b") REFERENCES "public"."Node"("tenant", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."accounts" ADD CONSTRAINT "accounts_spouseId_fkey" FOREIGN KEY ("spouseId") REFERENCES "public"."accounts"("account id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "public"."accounts"("account id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."Post" ADD CONSTRAINT "Post_code_kind_fkey" FOREIGN KEY ("code", "kind") REFERENCES "public"."accounts"("code", "kind") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."Post" ADD CONSTRAINT "Post_editorEmail_fkey" FOREIGN KEY ("editorEmail") REFERENCES "public"."accounts"("email") ON DELETE CASCADE ON UPDATE SET NULL;

-- AddForeignKey
ALTER TABLE "public"."Secret" ADD CONSTRAINT "Secret_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "public"."accounts"("account id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."Letter" ADD CONSTRAINT "Letter_from_fkey" FOREIGN KEY ("from") REFERENCES "public"."people"("email") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."Letter" ADD CONSTRAINT "letter_recipient" FOREIGN KEY ("to") REFERENCES "public"."people"("email") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."Letter" ADD CONSTRAINT "Letter_copyTo_fkey" FOREIGN KEY ("copyTo") REFERENCES "public"."people"("email") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."Letter" ADD CONSTRAINT "Letter_keeperId_fkey" FOREIGN KEY ("keeperId") REFERENCES "public"."people"("id") ON DELETE SET DEFAULT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "public"."Task" ADD CONSTRAINT "Task_tenant_key_fkey" FOREIGN KEY ("tenant", "key") REFERENCES "public"."Project"("tenant", "key") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."Task" ADD CONSTRAINT "Task_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "public"."people"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."Part" ADD CONSTRAINT "Part_tenant_key_fkey" FOREIGN KEY ("tenant", "key") REFERENCES "public"."Project"("tenant", "key") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."shop members" ADD CONSTRAINT "shop members_personId_fkey" FOREIGN KEY ("personId") REFERENCES "public"."people"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."shop members" ADD CONSTRAINT "shop members_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "audit"."Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit"."events" ADD CONSTRAINT "events_personId_fkey" FOREIGN KEY ("personId") REFERENCES "public"."people"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."_friendship" ADD CONSTRAINT "_friendship_A_fkey" FOREIGN KEY ("A") REFERENCES "public"."people"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."_friendship" ADD CONSTRAINT "_friendship_B_fkey" FOREIGN KEY ("B") REFERENCES "public"."people"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."_PersonToTeam" ADD CONSTRAINT "_PersonToTeam_A_fkey" FOREIGN KEY ("A") REFERENCES "public"."people"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."_PersonToTeam" ADD CONSTRAINT "_PersonToTeam_B_fkey" FOREIGN KEY ("B") REFERENCES "audit"."Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."_likes" ADD CONSTRAINT "_likes_A_fkey" FOREIGN KEY ("A") REFERENCES "public"."accounts"("account id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."_likes" ADD CONSTRAINT "_likes_B_fkey" FOREIGN KEY ("B") REFERENCES "public"."Post"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."_follow" ADD CONSTRAINT "_follow_A_fkey" FOREIGN KEY ("A") REFERENCES "public"."accounts"("account id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."_follow" ADD CONSTRAINT "_follow_B_fkey" FOREIGN KEY ("B") REFERENCES "public"."accounts"("account id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."_PostToTopic" ADD CONSTRAINT "_PostToTopic_A_fkey" FOREIGN KEY ("A") REFERENCES "public"."Post"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."_PostToTopic" ADD CONSTRAINT "_PostToTopic_B_fkey" FOREIGN KEY ("B") REFERENCES "audit"."topics table"("topic_slug") ON DELETE CASCADE ON UPDATE CASCADE;

