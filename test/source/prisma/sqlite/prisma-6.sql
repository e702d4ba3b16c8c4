-- CreateTable
CREATE TABLE "people" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'guest',
    "manager_id" INTEGER,
    CONSTRAINT "people_manager_id_fkey" FOREIGN KEY ("manager_id") REFERENCES "people" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Profile" (
    "person_id" INTEGER NOT NULL,
    CONSTRAINT "Profile_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
);

-- CreateTable
CREATE TABLE "Node" (
    "tenant" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "parentTenant" INTEGER,
    "parentId" TEXT,
    "status" TEXT NOT NULL DEFAULT 'ACTIVE',
    "skipped" INTEGER,

    PRIMARY KEY ("tenant", "id"),
    CONSTRAINT "Node_parentTenant_parentId_fkey" FOREIGN KEY ("parentTenant", "parentId") REFERENCES "Node" ("tenant", "id") ON DELETE NO ACTION ON UPDATE NO ACTION
);

-- CreateTable
CREATE TABLE "the 'links'" (
    "a" INTEGER NOT NULL,
    "b" TEXT NOT NULL,
    "extra" INTEGER NOT NULL,
    CONSTRAINT "the 'links'_a_b_fkey" FOREIGN KEY ("a", "b") REFERENCES "Node" ("tenant", "id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "accounts" (
    "account id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "email" TEXT NOT NULL,
    "code" INTEGER NOT NULL,
    "kind" INTEGER NOT NULL,
    "deletedAt" DATETIME,
    "spouseId" INTEGER,
    CONSTRAINT "accounts_spouseId_fkey" FOREIGN KEY ("spouseId") REFERENCES "accounts" ("account id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Post" (
    "id" BIGINT NOT NULL PRIMARY KEY,
    "authorId" INTEGER,
    "code" INTEGER,
    "kind" INTEGER NOT NULL,
    "editorEmail" TEXT,
    CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "accounts" ("account id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "Post_code_kind_fkey" FOREIGN KEY ("code", "kind") REFERENCES "accounts" ("code", "kind") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Post_editorEmail_fkey" FOREIGN KEY ("editorEmail") REFERENCES "accounts" ("email") ON DELETE CASCADE ON UPDATE SET NULL
);

-- CreateTable
CREATE TABLE "topics table" (
    "topic_slug" TEXT NOT NULL PRIMARY KEY
);

-- CreateTable
CREATE TABLE "Secret" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "accountId" INTEGER NOT NULL,
    CONSTRAINT "Secret_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "accounts" ("account id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Letter" (
    "id" BIGINT NOT NULL PRIMARY KEY,
    "from" TEXT NOT NULL,
    "to" TEXT,
    "copyTo" TEXT,
    "keeperId" INTEGER DEFAULT 1,
    CONSTRAINT "Letter_from_fkey" FOREIGN KEY ("from") REFERENCES "people" ("email") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Letter_to_fkey" FOREIGN KEY ("to") REFERENCES "people" ("email") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Letter_copyTo_fkey" FOREIGN KEY ("copyTo") REFERENCES "people" ("email") ON DELETE NO ACTION ON UPDATE CASCADE,
    CONSTRAINT "Letter_keeperId_fkey" FOREIGN KEY ("keeperId") REFERENCES "people" ("id") ON DELETE SET DEFAULT ON UPDATE RESTRICT
);

-- CreateTable
CREATE TABLE "Project" (
    "tenant" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "title" TEXT,

    PRIMARY KEY ("tenant", "key")
);

-- CreateTable
CREATE TABLE "Task" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "tenant" INTEGER,
    "key" TEXT,
    "ownerId" INTEGER NOT NULL,
    CONSTRAINT "Task_tenant_key_fkey" FOREIGN KEY ("tenant", "key") REFERENCES "Project" ("tenant", "key") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "Task_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "people" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Part" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "tenant" INTEGER NOT NULL,
    "key" TEXT,
    CONSTRAINT "Part_tenant_key_fkey" FOREIGN KEY ("tenant", "key") REFERENCES "Project" ("tenant", "key") ON DELETE NO ACTION ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Team" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT
);

-- CreateTable
CREATE TABLE "shop members" (
    "personId" INTEGER NOT NULL,
    "teamId" INTEGER NOT NULL,

    PRIMARY KEY ("personId", "teamId"),
    CONSTRAINT "shop members_personId_fkey" FOREIGN KEY ("personId") REFERENCES "people" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "shop members_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "events" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "personId" INTEGER,
    CONSTRAINT "events_personId_fkey" FOREIGN KEY ("personId") REFERENCES "people" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "_friendship" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,
    CONSTRAINT "_friendship_A_fkey" FOREIGN KEY ("A") REFERENCES "people" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "_friendship_B_fkey" FOREIGN KEY ("B") REFERENCES "people" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "_PersonToTeam" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,
    CONSTRAINT "_PersonToTeam_A_fkey" FOREIGN KEY ("A") REFERENCES "people" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "_PersonToTeam_B_fkey" FOREIGN KEY ("B") REFERENCES "Team" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "_likes" (
    "A" INTEGER NOT NULL,
    "B" BIGINT NOT NULL,
    CONSTRAINT "_likes_A_fkey" FOREIGN KEY ("A") REFERENCES "accounts" ("account id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "_likes_B_fkey" FOREIGN KEY ("B") REFERENCES "Post" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "_follow" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,
    CONSTRAINT "_follow_A_fkey" FOREIGN KEY ("A") REFERENCES "accounts" ("account id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "_follow_B_fkey" FOREIGN KEY ("B") REFERENCES "accounts" ("account id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "_PostToTopic" (
    "A" BIGINT NOT NULL,
    "B" TEXT NOT NULL,
    CONSTRAINT "_PostToTopic_A_fkey" FOREIGN KEY ("A") REFERENCES "Post" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "_PostToTopic_B_fkey" FOREIGN KEY ("B") REFERENCES "topics table" ("topic_slug") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE UNIQUE INDEX "people_email_key" ON "people"("email");

-- CreateIndex
CREATE UNIQUE INDEX "Profile_person_id_key" ON "Profile"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "extra once" ON "the 'links'"("extra" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "pair_key" ON "the 'links'"("a", "b");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_email_key" ON "accounts"("email");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_spouseId_key" ON "accounts"("spouseId");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_code_kind_key" ON "accounts"("code", "kind");

-- CreateIndex
CREATE INDEX "Letter_from_to_idx" ON "Letter"("from", "to" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "one_title" ON "Project"("tenant", "title");

-- CreateIndex
CREATE UNIQUE INDEX "Project_key_key" ON "Project"("key" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "_friendship_AB_unique" ON "_friendship"("A", "B");

-- CreateIndex
CREATE INDEX "_friendship_B_index" ON "_friendship"("B");

-- CreateIndex
CREATE UNIQUE INDEX "_PersonToTeam_AB_unique" ON "_PersonToTeam"("A", "B");

-- CreateIndex
CREATE INDEX "_PersonToTeam_B_index" ON "_PersonToTeam"("B");

-- CreateIndex
CREATE UNIQUE INDEX "_likes_AB_unique" ON "_likes"("A", "B");

-- CreateIndex
CREATE INDEX "_likes_B_index" ON "_likes"("B");

-- CreateIndex
CREATE UNIQUE INDEX "_follow_AB_unique" ON "_follow"("A", "B");

-- CreateIndex
CREATE INDEX "_follow_B_index" ON "_follow"("B");

-- CreateIndex
CREATE UNIQUE INDEX "_PostToTopic_AB_unique" ON "_PostToTopic"("A", "B");

-- CreateIndex
CREATE INDEX "_PostToTopic_B_index" ON "_PostToTopic"("B");

