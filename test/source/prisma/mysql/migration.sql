-- CreateTable
CREATE TABLE `people` (
    `id` INTEGER NOT NULL AUTO_INCREMENT,
    `email` VARCHAR(200) NOT NULL,
    `role` ENUM('OWNER', 'guest') NOT NULL DEFAULT 'guest',
    `manager_id` INTEGER NULL,

    UNIQUE INDEX `people_email_key`(`email`),
    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `Profile` (
    `person_id` INTEGER NOT NULL,

    UNIQUE INDEX `Profile_person_id_key`(`person_id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `Letter` (
    `id` BIGINT NOT NULL,
    `from` VARCHAR(200) NOT NULL,
    `to` VARCHAR(200) NULL,
    `copyTo` VARCHAR(200) NULL,
    `keeperId` INTEGER NULL DEFAULT 1,

    INDEX `Letter_from_to_idx`(`from`, `to` DESC),
    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `Project` (
    `tenant` INTEGER NOT NULL,
    `key` VARCHAR(191) NOT NULL,
    `title` VARCHAR(191) NULL,

    UNIQUE INDEX `one_title`(`tenant`, `title`),
    UNIQUE INDEX `Project_key_key`(`key` DESC),
    PRIMARY KEY (`tenant`, `key`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `Task` (
    `id` INTEGER NOT NULL,
    `tenant` INTEGER NULL,
    `key` VARCHAR(191) NULL,
    `ownerId` INTEGER NOT NULL,

    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `Part` (
    `id` INTEGER NOT NULL,
    `tenant` INTEGER NOT NULL,
    `key` VARCHAR(191) NULL,

    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `Team` (
    `id` INTEGER NOT NULL,

    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `shop members` (
    `personId` INTEGER NOT NULL,
    `teamId` INTEGER NOT NULL,

    PRIMARY KEY (`personId`, `teamId`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `events` (
    `id` INTEGER NOT NULL,
    `personId` INTEGER NULL,

    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `_friendship` (
    `A` INTEGER NOT NULL,
    `B` INTEGER NOT NULL,

    UNIQUE INDEX `_friendship_AB_unique`(`A`, `B`),
    INDEX `_friendship_B_index`(`B`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `_PersonToTeam` (
    `A` INTEGER NOT NULL,
    `B` INTEGER NOT NULL,

    UNIQUE INDEX `_PersonToTeam_AB_unique`(`A`, `B`),
    INDEX `_PersonToTeam_B_index`(`B`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `Node` (
    `tenant` INTEGER NOT NULL,
    `id` VARCHAR(40) NOT NULL,
    `parentTenant` INTEGER NULL,
    `parentId` VARCHAR(40) NULL,
    `status` ENUM('ACTIVE', 'gone-for-good') NOT NULL DEFAULT 'ACTIVE',
    `skipped` INTEGER NULL,

    PRIMARY KEY (`tenant`, `id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `the 'links'` (
    `a` INTEGER NOT NULL,
    `b` VARCHAR(40) NOT NULL,
    `extra` INTEGER NOT NULL,

    UNIQUE INDEX `extra once`(`extra` DESC),
    UNIQUE INDEX `pair_key`(`a`, `b`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `accounts` (
    `account id` INTEGER NOT NULL,
    `email` VARCHAR(80) NOT NULL,
    `code` INTEGER NOT NULL,
    `kind` INTEGER NOT NULL,
    `deletedAt` DATETIME(3) NULL,
    `spouseId` INTEGER NULL,

    UNIQUE INDEX `accounts_email_key`(`email`),
    UNIQUE INDEX `accounts_spouseId_key`(`spouseId`),
    UNIQUE INDEX `accounts_code_kind_key`(`code`, `kind`),
    PRIMARY KEY (`account id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `Post` (
    `id` BIGINT NOT NULL,
    `authorId` INTEGER NULL,
    `code` INTEGER NULL,
    `kind` INTEGER NOT NULL,
    `editorEmail` VARCHAR(80) NULL,

    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `topics table` (
    `topic_slug` VARCHAR(40) NOT NULL,

    PRIMARY KEY (`topic_slug`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `Secret` (
    `id` INTEGER NOT NULL,
    `accountId` INTEGER NOT NULL,

    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `_likes` (
    `A` INTEGER NOT NULL,
    `B` BIGINT NOT NULL,

    UNIQUE INDEX `_likes_AB_unique`(`A`, `B`),
    INDEX `_likes_B_index`(`B`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `_follow` (
    `A` INTEGER NOT NULL,
    `B` INTEGER NOT NULL,

    UNIQUE INDEX `_follow_AB_unique`(`A`, `B`),
    INDEX `_follow_B_index`(`B`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `_PostToTopic` (
    `A` BIGINT NOT NULL,
    `B` VARCHAR(40) NOT NULL,

    UNIQUE INDEX `_PostToTopic_AB_unique`(`A`, `B`),
    INDEX `_PostToTopic_B_index`(`B`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- AddForeignKey
ALTER TABLE `people` ADD CONSTRAINT `people_manager_id_fkey` FOREIGN KEY (`manager_id`) REFERENCES `people`(`id`) ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `Profile` ADD CONSTRAINT `Profile_person_id_fkey` FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE `Letter` ADD CONSTRAINT `Letter_from_fkey` FOREIGN KEY (`from`) REFERENCES `people`(`email`) ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `Letter` ADD CONSTRAINT `letter_recipient` FOREIGN KEY (`to`) REFERENCES `people`(`email`) ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `Letter` ADD CONSTRAINT `Letter_copyTo_fkey` FOREIGN KEY (`copyTo`) REFERENCES `people`(`email`) ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `Letter` ADD CONSTRAINT `Letter_keeperId_fkey` FOREIGN KEY (`keeperId`) REFERENCES `people`(`id`) ON DELETE SET DEFAULT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE `Task` ADD CONSTRAINT `Task_tenant_key_fkey` FOREIGN KEY (`tenant`, `key`) REFERENCES `Project`(`tenant`, `key`) ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `Task` ADD CONSTRAINT `Task_ownerId_fkey` FOREIGN KEY (`ownerId`) REFERENCES `people`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `Part` ADD CONSTRAINT `Part_tenant_key_fkey` FOREIGN KEY (`tenant`, `key`) REFERENCES `Project`(`tenant`, `key`) ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `shop members` ADD CONSTRAINT `shop members_personId_fkey` FOREIGN KEY (`personId`) REFERENCES `people`(`id`) ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `shop members` ADD CONSTRAINT `shop members_teamId_fkey` FOREIGN KEY (`teamId`) REFERENCES `Team`(`id`) ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `events` ADD CONSTRAINT `events_personId_fkey` FOREIGN KEY (`personId`) REFERENCES `people`(`id`) ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `_friendship` ADD CONSTRAINT `_friendship_A_fkey` FOREIGN KEY (`A`) REFERENCES `people`(`id`) ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `_friendship` ADD CONSTRAINT `_friendship_B_fkey` FOREIGN KEY (`B`) REFERENCES `people`(`id`) ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `_PersonToTeam` ADD CONSTRAINT `_PersonToTeam_A_fkey` FOREIGN KEY (`A`) REFERENCES `people`(`id`) ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `_PersonToTeam` ADD CONSTRAINT `_PersonToTeam_B_fkey` FOREIGN KEY (`B`) REFERENCES `Team`(`id`) ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `Node` ADD CONSTRAINT `tree_fk` FOREIGN KEY (`parentTenant`, `parentId`) REFERENCES `Node`(`tenant`, `id`) ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE `the 'links'` ADD CONSTRAINT `the 'links'_a_b_fkey` FOREIGN KEY (`a`, `b`) REFERENCES `Node`(`tenant`, `id`) ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `accounts` ADD CONSTRAINT `accounts_spouseId_fkey` FOREIGN KEY (`spouseId`) REFERENCES `accounts`(`account id`) ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `Post` ADD CONSTRAINT `Post_authorId_fkey` FOREIGN KEY (`authorId`) REFERENCES `accounts`(`account id`) ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `Post` ADD CONSTRAINT `Post_code_kind_fkey` FOREIGN KEY (`code`, `kind`) REFERENCES `accounts`(`code`, `kind`) ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `Post` ADD CONSTRAINT `Post_editorEmail_fkey` FOREIGN KEY (`editorEmail`) REFERENCES `accounts`(`email`) ON DELETE CASCADE ON UPDATE SET NULL;

-- AddForeignKey
ALTER TABLE `Secret` ADD CONSTRAINT `Secret_accountId_fkey` FOREIGN KEY (`accountId`) REFERENCES `accounts`(`account id`) ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `_likes` ADD CONSTRAINT `_likes_A_fkey` FOREIGN KEY (`A`) REFERENCES `accounts`(`account id`) ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `_likes` ADD CONSTRAINT `_likes_B_fkey` FOREIGN KEY (`B`) REFERENCES `Post`(`id`) ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `_follow` ADD CONSTRAINT `_follow_A_fkey` FOREIGN KEY (`A`) REFERENCES `accounts`(`account id`) ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `_follow` ADD CONSTRAINT `_follow_B_fkey` FOREIGN KEY (`B`) REFERENCES `accounts`(`account id`) ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `_PostToTopic` ADD CONSTRAINT `_PostToTopic_A_fkey` FOREIGN KEY (`A`) REFERENCES `Post`(`id`) ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE `_PostToTopic` ADD CONSTRAINT `_PostToTopic_B_fkey` FOREIGN KEY (`B`) REFERENCES `topics table`(`topic_slug`) ON DELETE CASCADE ON UPDATE CASCADE;
